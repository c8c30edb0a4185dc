package broker

import "testing"

func TestAPolicyDecidesByWhatWaits(t *testing.T) {
	for _, test := range []struct {
		policy          Overflow
		waiting, buffer int
		want            verdict
	}{
		{DropNewest, 0, 3, accept}, {DropNewest, 2, 3, accept}, {DropNewest, 3, 3, dropNew}, {DropNewest, 0, 0, dropNew},
		{DropOldest, 0, 3, accept}, {DropOldest, 2, 3, accept}, {DropOldest, 3, 3, dropOldest}, {DropOldest, 0, 0, dropNew},
	} {
		if got := test.policy.decide(test.waiting, test.buffer); got != test.want {
			t.Errorf("%v with %d of %d: %v, want %v", test.policy, test.waiting, test.buffer, got, test.want)
		}
	}
}
