package queueing_test

import (
	"fmt"

	"github.com/spillway-go/spillway/broker/lab/queueing"
)

// How large has a buffer to be, for a worker that is busy 90 % of the time to
// lose less than one event in a thousand?
func Example() {
	const workers = 1
	for _, model := range []struct {
		name    string
		figures func(queueing.Queue) (queueing.Figures, error)
	}{{"exponential", queueing.MMcK}, {"fixed", queueing.MD1K}} {
		for buffer := 0; ; buffer++ {
			f, err := model.figures(queueing.Queue{Arrival: 9, Service: 10, Servers: workers, Capacity: workers + buffer})
			if err != nil {
				fmt.Println(err)
				return
			}
			if f.Loss < 0.001 {
				fmt.Printf("%s service times: a buffer of %d, and events wait %.2f s\n", model.name, buffer, f.Wait)
				break
			}
		}
	}
	// Output:
	// exponential service times: a buffer of 43, and events wait 0.86 s
	// fixed service times: a buffer of 22, and events wait 0.43 s
}
