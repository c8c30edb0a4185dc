package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkAnswer is what an answer costs beside the parsing and the sending, which are net/http's and the kernel's.
func BenchmarkAnswer(b *testing.B) {
	site := newTraffic(newSite(folder(b, map[string]string{"index.html": "<html>", "index.html.br": "brotli"}), quiet), nil)
	request := httptest.NewRequest("GET", "/index.html", nil)
	request.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	b.ReportAllocs()
	for b.Loop() {
		w := nowhere{}
		site.ServeHTTP(w, request)
		if len(w) < 10 {
			b.Fatal(w)
		}
	}
}

// nowhere is a response that is only its head.
type nowhere http.Header

func (n nowhere) Header() http.Header             { return http.Header(n) }
func (nowhere) Write(content []byte) (int, error) { return len(content), nil }
func (nowhere) WriteHeader(int)                   {}
