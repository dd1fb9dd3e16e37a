package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// keptTemplate is a version with the checksum that was written with it and that of
// its letterhead.
type keptTemplate struct {
	review.Template
	letterhead, checksum string
}

const templateColumns = "x.id, x.version, x.dossier, x.name, x.arrangement, x.letterhead, x.file, x.dropped, x.person, x.at, x.checksum"

func scanTemplate(r row) (keptTemplate, error) {
	var x keptTemplate
	return x, r.Scan(idColumn{&x.ID}, &x.Version, idColumn{&x.Dossier}, &x.Name, &x.Arrangement, &x.letterhead, &x.File, &x.Dropped,
		idColumn{&x.Person}, timeColumn{&x.At}, &x.checksum)
}

// lastTemplates are the versions that count.
const lastTemplates = "x.version = (SELECT MAX(y.version) FROM templates y WHERE y.id = x.id)"

// SaveTemplate keeps another version of a template, with its audit row: a new
// template where ask has no id, unless one of that name is there already, which is
// corpus.ErrConflict, or was dropped, which comes back. A version that is not the one
// after ask.Version is corpus.ErrConflict; one that says the same makes no other.
// Other errors as of review.NextTemplate; corpus.ErrLimit for too many.
func (db *DB) SaveTemplate(ctx context.Context, ask review.Template, actor review.Person) (review.Template, error) {
	var out review.Template
	err := db.write(ctx, "keep a template", func(c *changing) (err error) {
		out, err = c.saveTemplate(ctx, ask, actor)
		return err
	})
	return out, err
}

func (c *changing) saveTemplate(ctx context.Context, ask review.Template, actor review.Person) (review.Template, error) {
	kept := review.Template{}
	if ask.ID != uuid.Nil {
		var err error
		if kept, err = loadTemplate(ctx, c.Tx, ask.ID, 0); err != nil {
			return kept, err
		}
		ask.Dossier = kept.Dossier
	}
	var about *review.Dossier
	if !ask.ForAll() {
		d, err := dossier(ctx, c.Tx, ask.Dossier)
		if err != nil {
			return kept, err
		}
		about = &d
	}
	next, err := review.NextTemplate(about, kept, ask, actor, c.now)
	if err != nil {
		return kept, err
	}
	others, err := templatesOf(ctx, c.Tx, ask.Dossier)
	if err != nil {
		return kept, err
	}
	at := slices.IndexFunc(others, func(o review.Template) bool { return strings.EqualFold(o.Name, next.Name) && o.ID != next.ID })
	switch {
	case at >= 0 && !others[at].Dropped && !next.Dropped, at >= 0 && kept.ID != uuid.Nil:
		return kept, corpus.Refuse(corpus.ErrConflict, "template-name", "there is a template {name} already, choose another name", "name", next.Name)
	case at >= 0:
		if kept, err = loadTemplate(ctx, c.Tx, others[at].ID, 0); err != nil {
			return kept, err
		}
		next.ID, next.Version = kept.ID, kept.Version+1
	case kept.ID != uuid.Nil && ask.Version != kept.Version:
		return kept, corpus.Refuse(corpus.ErrConflict, "template-moved", "the template is at version {version} now; look at it and save again", "version", kept.Version)
	case kept.ID != uuid.Nil && kept.Checksum() == next.Checksum():
		return kept, nil
	case kept.ID == uuid.Nil:
		if len(others) >= review.MaxTemplates {
			return kept, fmt.Errorf("there are at most %d templates: %w", review.MaxTemplates, corpus.ErrLimit)
		}
		if next.ID, err = newID(); err != nil {
			return kept, err
		}
	}
	if err := c.newTemplate(ctx, next); err != nil {
		return next, err
	}
	return next, c.tell(orNothing(toldTemplate(kept), kept.ID != uuid.Nil), toldTemplate(next))
}

// toldTemplate is a template as the audit tells it; of a letterhead its fingerprint.
func toldTemplate(t review.Template) any {
	letterhead := ""
	if t.Letterhead != nil {
		letterhead = bytesChecksum(t.Letterhead)
	}
	return struct {
		Name, Arrangement, File, Letterhead string
		Dropped                             bool
	}{t.Name, t.Arrangement, t.File, letterhead, t.Dropped}
}

// newTemplate writes a version and its letterhead.
func (c *changing) newTemplate(ctx context.Context, t review.Template) error {
	x := keptTemplate{Template: t, checksum: t.Checksum()}
	if t.Letterhead != nil {
		x.letterhead = bytesChecksum(t.Letterhead)
		if _, err := c.ExecContext(ctx, "INSERT INTO template_letterheads (checksum, body) VALUES ($1, $2) ON CONFLICT (checksum) DO NOTHING", x.letterhead, t.Letterhead); err != nil {
			return err
		}
	}
	scope := ""
	if !t.ForAll() {
		scope = t.Dossier.String()
	}
	c.note(t.Person.String(), "template.written", t.ID.String(), t.Version, x.checksum)
	return insert(ctx, c.Tx, "INSERT INTO templates (id, version, dossier, name, arrangement, letterhead, file, dropped, person, at, checksum)", "", [][]any{{
		t.ID.String(), t.Version, scope, t.Name, t.Arrangement, x.letterhead, t.File, t.Dropped, t.Person.String(), stamp(t.At), x.checksum}})
}

func bytesChecksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Templates lists every template, those of all dossiers first, by name. Dropped ones and
// letterheads are left out (File says whether there is one); review.TemplatesAt chooses
// those of a dossier.
func (db *DB) Templates(ctx context.Context) ([]review.Template, error) {
	var out []review.Template
	err := db.read(ctx, "list the templates", func(tx *sql.Tx) (err error) {
		rows, err := tx.QueryContext(ctx, "SELECT "+templateColumns+" FROM templates x WHERE x.dropped = 0 AND "+lastTemplates+" ORDER BY x.dossier, x.name, x.id")
		out, err = collect(rows, err, bareTemplate)
		return err
	})
	return out, err
}

// templatesOf lists the last versions of a dossier's own templates, dropped ones too.
func templatesOf(ctx context.Context, q querier, dossier uuid.UUID) ([]review.Template, error) {
	scope := ""
	if dossier != uuid.Nil {
		scope = dossier.String()
	}
	rows, err := q.QueryContext(ctx, "SELECT "+templateColumns+" FROM templates x WHERE x.dossier = $1 AND "+lastTemplates+" ORDER BY x.name, x.id", scope)
	return collect(rows, err, bareTemplate)
}

func bareTemplate(r row) (review.Template, error) {
	x, err := scanTemplate(r)
	return x.Template, err
}

// Template reads a version of a template with its letterhead, the last one for 0. An
// unknown one is corpus.ErrNotFound; a damaged one is refused with ErrDamaged.
func (db *DB) Template(ctx context.Context, id uuid.UUID, version int) (review.Template, error) {
	var out review.Template
	err := db.read(ctx, "read a template", func(tx *sql.Tx) (err error) {
		out, err = loadTemplate(ctx, tx, id, version)
		return err
	})
	return out, err
}

// TemplateVersions lists every version of a template, the latest first, without
// letterheads.
func (db *DB) TemplateVersions(ctx context.Context, id uuid.UUID) ([]review.Template, error) {
	var out []review.Template
	err := db.read(ctx, "list the versions of a template", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+templateColumns+" FROM templates x WHERE x.id = $1 ORDER BY x.version DESC", id.String())
		out, err = collect(rows, err, bareTemplate)
		if err == nil && len(out) == 0 {
			return notFound("template", id)
		}
		return err
	})
	return out, err
}

// loadTemplate reads a version and checks it against its checksum.
func loadTemplate(ctx context.Context, q querier, id uuid.UUID, version int) (review.Template, error) {
	r := q.QueryRowContext(ctx, "SELECT "+templateColumns+" FROM templates x WHERE x.id = $1 AND (x.version = $2 OR $2 = 0) ORDER BY x.version DESC LIMIT 1", id.String(), version)
	x, err := one(r, scanTemplate, "template", id)
	if err != nil {
		return review.Template{}, err
	}
	if x.letterhead != "" {
		r := q.QueryRowContext(ctx, "SELECT body FROM template_letterheads WHERE checksum = $1", x.letterhead)
		if x.Letterhead, err = one(r, func(r row) (b []byte, err error) { return b, r.Scan(&b) }, "letterhead", x.letterhead); err != nil {
			return review.Template{}, err
		}
	}
	if x.Checksum() != x.checksum {
		return review.Template{}, fmt.Errorf("version %d of template %s does not fit its checksum: %w", x.Version, x.ID, ErrDamaged)
	}
	return x.Template, nil
}

// checkTemplates reads every version against its checksum and the audit row that was
// written with it.
func checkTemplates(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT "+templateColumns+" FROM templates x ORDER BY x.id, x.version")
	found, err := collect(rows, err, scanTemplate)
	if err != nil {
		return err
	}
	trail, err := tracedBy(ctx, q, "templates", "actor || ' ' || object || ' ' || version", "template.written")
	if err != nil {
		return err
	}
	for _, x := range found {
		if _, err := loadTemplate(ctx, q, x.ID, x.Version); err != nil {
			if ctx.Err() != nil {
				return err
			}
			r.problem("%s", err)
		}
		there, err := trail.row(fmt.Sprintf("%s %s %d", x.Person, x.ID, x.Version), x.checksum)
		if err != nil {
			return err
		}
		if !there {
			r.problem("version %d of template %s was changed or has no audit row", x.Version, x.ID)
		}
	}
	trail.done(r)
	return nil
}
