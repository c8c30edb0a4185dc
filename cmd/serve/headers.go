package main

// The page may do what it needs: run WebAssembly, set styles (go-app writes style attributes), and draw
// pictures that it made. It may be framed by anyone, since it is meant to be embedded.
const contentSecurityPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *"

// The page asks for no device. What it does ask for, writing to the clipboard and the full screen, is not named,
// so that it stays with the page and the frames that allow it.
const permissionsPolicy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"

// securityHeaders go with every answer. Their names are in canonical form. A frame in a sandbox is of no origin, so
// that its scripts and its program are those of a stranger: everybody may have them, for there is nothing here that
// only some may read.
var securityHeaders = []struct {
	name  string
	value []string
}{
	{"Access-Control-Allow-Origin", []string{"*"}},
	{"Content-Security-Policy", []string{contentSecurityPolicy}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Permissions-Policy", []string{permissionsPolicy}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"X-Content-Type-Options", []string{"nosniff"}},
}
