package main

import (
	"fmt"
	"io"
	"net/http"
)

// withHealth answers /healthz beside a site, for whatever watches the server.
func withHealth(s *site) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" || r.Method != http.MethodGet && r.Method != http.MethodHead {
			s.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		page, err := s.find("index.html", "", false)
		if err != nil {
			http.Error(w, fmt.Sprintf("The page can't be read: %v.", err), http.StatusServiceUnavailable)
			return
		}
		page.close()
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "ok\n")
	})
}
