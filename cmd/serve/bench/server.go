package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// nginxConfig is nginx as one would set it up for the bundle: the compressed files are sent as they are. It lacks
// the address and the folder.
const nginxConfig = `
worker_processes auto;
daemon off;
pid pid;
error_log errors;
events { worker_connections 8192; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 1000000000;
	client_body_temp_path temp;
	proxy_temp_path temp;
	fastcgi_temp_path temp;
	uwsgi_temp_path temp;
	scgi_temp_path temp;
	server {
		listen %s;
		root %s;
		location = /index.html { types {} default_type text/html; add_header Content-Encoding br; add_header Vary Accept-Encoding; try_files /index.html.br =404; }
		location = /app.wasm { types {} default_type application/wasm; add_header Content-Encoding br; add_header Vary Accept-Encoding; try_files /app.wasm.br =404; }
	}
}
`

// server is a process that listens.
type server struct {
	cmd     *exec.Cmd
	address string
}

// run starts a server on a free port of loopback, and waits until it answers.
func run(ctx context.Context, command func(address string) []string) (*server, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	args := command(address)
	if len(args) == 0 {
		return nil, errors.New("the configuration can't be written")
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd, address}
	for range 500 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			return s, conn.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.end()
	return nil, fmt.Errorf("%s does not listen: %s", args[0], &said)
}

func (s *server) end() {
	if s == nil {
		return
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Wait()
}

// processes are the server's own one and those it started.
func (s *server) processes() ([]int, error) {
	pid := s.cmd.Process.Pid
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil, err
	}
	pids := []int{pid}
	for _, text := range strings.Fields(string(children)) {
		child, err := strconv.Atoi(text)
		if err != nil {
			return nil, err
		}
		pids = append(pids, child)
	}
	return pids, nil
}

// tick is the unit in which Linux tells the time of a process to programs.
const tick = time.Second / 100

// cpu is the time that the server has used so far.
func (s *server) cpu() (time.Duration, error) {
	pids, err := s.processes()
	if err != nil {
		return 0, err
	}
	var total time.Duration
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, err
		}
		// Behind the name, in brackets: the user's and the system's time are the 12th and 13th.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		for _, text := range fields[11:13] {
			ticks, err := strconv.Atoi(text)
			if err != nil {
				return 0, err
			}
			total += time.Duration(ticks) * tick
		}
	}
	return total, nil
}

// resident is the memory that the server holds, in bytes.
func (s *server) resident() (int64, error) {
	pids, err := s.processes()
	if err != nil {
		return 0, err
	}
	var total int64
	for _, pid := range pids {
		statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			return 0, err
		}
		pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
		if err != nil {
			return 0, err
		}
		total += pages * int64(os.Getpagesize())
	}
	return total, nil
}
