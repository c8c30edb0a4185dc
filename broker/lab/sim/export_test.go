package sim

// SetPace lets a run be asked after so many records whether there is time for more,
// and divides every moment that has more than eight times as many.
func (s *Sim) SetPace(records int) { s.pace = records }

// Pace is how many records are written between two questions.
const Pace = pace
