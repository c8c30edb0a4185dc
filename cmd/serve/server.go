package main

import (
	"context"
	"log"
	"net/http"
	"time"
)

// limits keep a client from holding the server for longer, or with more, than a page needs.
type limits struct {
	readHeader  time.Duration // for the head of a request to arrive
	read        time.Duration // for the whole of it
	write       time.Duration // for the answer to leave
	idle        time.Duration // between two requests of a connection
	headerBytes int           // of the head; net/http allows some 4 KB more
	patience    time.Duration // for answers to finish when the server is to end
}

var defaultLimits = limits{
	readHeader:  5 * time.Second,
	read:        10 * time.Second,
	write:       5 * time.Minute, // the program over a slow line
	idle:        2 * time.Minute,
	headerBytes: 1 << 16,
	patience:    5 * time.Second,
}

func newServer(handler http.Handler, l limits, logger *log.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ErrorLog:          logger,
		ReadHeaderTimeout: l.readHeader,
		ReadTimeout:       l.read,
		WriteTimeout:      l.write,
		IdleTimeout:       l.idle,
		MaxHeaderBytes:    l.headerBytes,
	}
}

// end lets the answers that are under way finish, for a while, and says which did not.
func end(server *http.Server, t *traffic, patience time.Duration, logger *log.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if server.Shutdown(ctx) == nil {
		return
	}
	if count, files := t.unfinished(); count > 0 {
		logger.Printf("breaking off unfinished downloads [count=%d, files=%s]", count, files)
	}
	if err := server.Close(); err != nil {
		logger.Print(err)
	}
}
