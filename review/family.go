package review

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
)

// MaxFamily is how many pairs one confirmation answers at most.
const MaxFamily = 50

// Alike is another pair that an answer shall be kept for as well, as the person
// saw it.
type Alike struct {
	Match   uuid.UUID
	Version int
}

// NotAlike is a pair of a family that was not answered, with the reason.
type NotAlike struct {
	Match uuid.UUID
	Err   error
}

// Family is what pairs have in common that may be answered together: word for
// word the same two texts, told by the digests of their wordings, so that a
// number or a sign makes another family. ok is false for a match that is not one
// clause against one, has lost one, or has one that an amendment changes: the words
// of the amendment are not those of the other pairs.
func (m Match) Family() (digests [2]corpus.Digest, ok bool) {
	if len(m.Sources) != 1 || len(m.Targets) != 1 || len(m.Amended) > 0 {
		return digests, false
	}
	digests = [2]corpus.Digest{m.Digests[m.Sources[0]], m.Digests[m.Targets[0]]}
	return digests, digests[0] != "" && digests[1] != ""
}

// familySign parts the key of a family from the match in an idempotency key.
const familySign = "+"

// FamilyKey is what the idempotency keys of answers given together begin with,
// "" for an answer that was sent without a key.
func (d Decision) FamilyKey() string {
	key, _, _ := strings.Cut(d.Idempotency, familySign)
	return key
}

// DecideAlike records an answer as Decide does and then the same answer on other
// pairs of its family, each as a decision of its own with its own audit row, bound
// to its own texts and under the same rules. The first must be kept, else nothing
// is and its error comes back; a pair of the others that somebody answered
// meanwhile, whose text changed or that the rules refuse is left as it is and named
// with the reason. Errors besides those of Decide: corpus.ErrLimit for more than
// MaxFamily, corpus.ErrInvalid for an answer that a family cannot be given.
func (d *Desk) DecideAlike(ctx context.Context, p Person, a Answer, others []Alike) ([]Decision, []NotAlike, error) {
	switch {
	case len(others) == 0:
		_, made, err := d.Decide(ctx, p, a)
		return []Decision{made}, nil, err
	case len(others) >= MaxFamily:
		return nil, nil, corpus.Refuse(corpus.ErrLimit, "family-large", "at most {most} pairs are answered together", "most", MaxFamily)
	case a.Kind != KindOpinion || a.Idempotency == "" || strings.Contains(a.Idempotency, familySign):
		return nil, nil, corpus.Refuse(corpus.ErrInvalid, "family-answer", "several pairs can only be given a relation together")
	}
	if _, isRelation := a.Verdict.Relation(); !isRelation {
		return nil, nil, corpus.Refuse(corpus.ErrInvalid, "family-answer", "several pairs can only be given a relation together")
	}
	m, made, err := d.Decide(ctx, p, a)
	if err != nil {
		return nil, nil, err
	}
	family, ok := m.Family()
	decisions := []Decision{made}
	var left []NotAlike
	for _, other := range others {
		if other.Match == a.Match {
			continue
		}
		next, err := d.alike(ctx, p, a, other, family, ok)
		if err != nil {
			left = append(left, NotAlike{other.Match, err})
			continue
		}
		decisions = append(decisions, next)
	}
	return decisions, left, nil
}

// alike gives one other pair the same answer.
func (d *Desk) alike(ctx context.Context, p Person, a Answer, other Alike, family [2]corpus.Digest, ok bool) (Decision, error) {
	m, _, err := d.Records.Match(ctx, other.Match)
	if err != nil {
		return Decision{}, err
	}
	if its, also := m.Family(); !ok || !also || its != family {
		return Decision{}, corpus.Refuse(corpus.ErrConflict, "family-other", "its texts are not word for word the same (any more)")
	}
	a.Match, a.Version, a.Idempotency = other.Match, other.Version, a.Idempotency+familySign+other.Match.String()
	a.Seen = m.Present()
	_, made, err := d.amend(ctx, p, other.Match, a)
	return made, err
}
