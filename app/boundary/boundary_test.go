package boundary

import (
	"errors"
	"fmt"
	"testing"
)

func fails() { panic(errors.New("it broke.")) }

func TestWhatIsTriedReturnsWhatItPanicsWith(t *testing.T) {
	t.Cleanup(Retry)
	if err := Try(func() {}); err != nil {
		t.Errorf("nothing is %v", err)
	}
	for _, v := range []any{errors.New("an error"), "a text", 3} {
		if err := Try(func() { panic(v) }); err == nil || err.Error() != fmt.Sprint(v) {
			t.Errorf("%v is %v", v, err)
		}
	}
	if f, ok := News(); ok {
		t.Errorf("it is told: %v", &f)
	}
}

func TestAFailureIsContainedAndToldOnce(t *testing.T) {
	t.Cleanup(Retry)
	for range 5 {
		if Contain("The part", fails) {
			t.Fatal("it has not failed")
		}
	}
	f, ok := News()
	if got := f.String(); !ok || got != "The part has failed: it broke." || f.Times != 5 || f.Off {
		t.Errorf("%q is told, after %d times", got, f.Times)
	}
	if f, ok := News(); ok {
		t.Errorf("it is told again: %v", &f)
	}
	Contain("The part", func() { panic("otherwise") })
	if f, ok := News(); !ok || f.Reason != "otherwise" {
		t.Errorf("of another failure is told: %v", &f)
	}
	_ = Note("The part", "otherwise")
	if _, ok := News(); !ok {
		t.Error("what is noted is not told again")
	}
}

func TestWhatFailsAgainAndAgainIsSwitchedOffUntilItIsTriedAgain(t *testing.T) {
	t.Cleanup(Retry)
	done := 0
	part := func() { done++; fails() }
	for range 10 {
		if Repeat("The part", part) {
			t.Fatal("it has not failed")
		}
	}
	if done != Limit || !IsOff("The part") || IsOff("Another part") {
		t.Errorf("it was done %d times, and is off: %v", done, IsOff("The part"))
	}
	if f, _ := News(); f.String() != "The part has failed: it broke. It is switched off after 3 times." {
		t.Errorf("%q is told", &f)
	}
	if !Repeat("Another part", func() { done = 0 }) || done != 0 {
		t.Error("another part is not done")
	}
	Retry()
	Repeat("The part", part)
	if done != 1 {
		t.Error("it is not tried again")
	}
}
