package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
)

func TestMarksAreDrawnWhereTheThumbWouldBe(t *testing.T) {
	m := play.Marks{Duration: time.Second}
	m.Bins[0].Drops = 1
	m.Bins[play.MarksBins-1] = play.Mark{Drops: 3, Changes: 1}
	shapes := markShapes(nil, &m, nil, 528)
	if len(shapes) != 3 {
		t.Fatalf("there are %d shapes", len(shapes))
	}
	if s := shapes[0]; s.Form != draw.FormRect || s.Fill != draw.InkDrop || s.X+s.W/2 != thumb/2+0.5 {
		t.Errorf("the first drop is %+v", s)
	}
	if s := shapes[1]; s.Form != draw.FormRect || s.X+s.W/2 != 528-thumb/2-0.5 {
		t.Errorf("the last drop is %+v", s)
	}
	if s := shapes[2]; s.Form != draw.FormCircle || s.Fill != draw.InkRepo || s.X != 528-thumb/2-0.5 {
		t.Errorf("the change is %+v", s)
	}
}
