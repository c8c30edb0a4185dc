module github.com/spillway-go/spillway

go 1.25.0

require github.com/maxence-charriere/go-app/v9 v9.8.0 // indirect
