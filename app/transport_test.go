package app

import (
	"testing"
	"time"
)

func TestMarksAreDrawnWhereTheThumbWouldBe(t *testing.T) {
	m := Marks{Duration: time.Second}
	m.Bins[0].Drops = 1
	m.Bins[marksBins-1] = Mark{Drops: 3, Changes: 1}
	shapes := markShapes(nil, &m, nil, 528)
	if len(shapes) != 3 {
		t.Fatalf("there are %d shapes", len(shapes))
	}
	if s := shapes[0]; s.Form != FormRect || s.Fill != InkDrop || s.X+s.W/2 != thumb/2+0.5 {
		t.Errorf("the first drop is %+v", s)
	}
	if s := shapes[1]; s.Form != FormRect || s.X+s.W/2 != 528-thumb/2-0.5 {
		t.Errorf("the last drop is %+v", s)
	}
	if s := shapes[2]; s.Form != FormCircle || s.Fill != InkRepo || s.X != 528-thumb/2-0.5 {
		t.Errorf("the change is %+v", s)
	}
}
