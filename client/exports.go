package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// The types of exports, as those of types.go.
type (
	// ExportAsk is what is to be exported.
	ExportAsk struct {
		Dossier  string `json:"dossier"`
		Format   string `json:"format,omitempty"`   // csv without
		Round    int    `json:"round,omitempty"`    // what is agreed now without
		Language string `json:"language,omitempty"` // of headings; English without
		Template string `json:"template,omitempty"` // id or name
		OneSided bool   `json:"onesided,omitempty"`
	}
	// ExportJob is an export that is written in the background.
	ExportJob struct {
		ID       string     `json:"id"`
		Dossier  string     `json:"dossier"`
		Format   string     `json:"format"`
		Round    int        `json:"round,omitempty"`
		Language string     `json:"language"`
		Template string     `json:"template,omitempty"`
		OneSided bool       `json:"onesided"`
		State    string     `json:"state"` // waiting, working, done, failed or stopped
		Rows     int        `json:"rows"`
		Done     int        `json:"done"`
		Size     int64      `json:"size"` // of the file in bytes
		Created  time.Time  `json:"created"`
		Ended    *time.Time `json:"ended,omitempty"`
		Expires  *time.Time `json:"expires,omitempty"`
		File     string     `json:"file,omitempty"`
		Problem  string     `json:"problem,omitempty"`
		// Tag is of this state, as ExportState read it, for EndExportIf.
		Tag string `json:"-"`
	}
)

// ErrExport says that an export ended without a file.
var ErrExport = errors.New("the export has no file")

// exportsPath is where exports have their addresses.
const exportsPath = "/api/v1/exports"

// exportPause is between two looks at an export that goes.
const exportPause = 2 * time.Second

// BeginExport has what was agreed written in the background. The name, of at most 200
// bytes, makes a request that is sent twice begin one export; "" for none.
func (c *Client) BeginExport(ctx context.Context, ask ExportAsk, name string) (ExportJob, error) {
	var j ExportJob
	header := http.Header{}
	if name != "" {
		header.Set("Idempotency-Key", name)
	}
	return j, c.askWith(ctx, http.MethodPost, exportsPath, header, nil, ask, &j)
}

// ExportState reads how far an export is.
func (c *Client) ExportState(ctx context.Context, id string) (ExportJob, error) {
	var j ExportJob
	header := http.Header{}
	err := c.askWith(ctx, http.MethodGet, exportsPath+"/"+url.PathEscape(id), header, nil, nil, &j)
	j.Tag = header.Get("ETag")
	return j, err
}

// EndExport stops an export that goes, and deletes one that has ended.
func (c *Client) EndExport(ctx context.Context, id string) (ExportJob, error) {
	var j ExportJob
	return j, c.ask(ctx, http.MethodDelete, exportsPath+"/"+url.PathEscape(id), nil, nil, &j)
}

// EndExportIf is EndExport of an export that is still as ExportState read it; a Problem
// with the code unmet when it is not.
func (c *Client) EndExportIf(ctx context.Context, read ExportJob) (ExportJob, error) {
	var j ExportJob
	return j, c.askWith(ctx, http.MethodDelete, exportsPath+"/"+url.PathEscape(read.ID), http.Header{"If-Match": {read.Tag}}, nil, nil, &j)
}

// Export begins an export, waits until it is written, and copies the file to w as it
// comes. ErrExport when it ends without one.
func (c *Client) Export(ctx context.Context, ask ExportAsk, name string, w io.Writer) error {
	j, err := c.BeginExport(ctx, ask, name)
	for err == nil && (j.State == "waiting" || j.State == "working") {
		if err = c.wait(ctx, exportPause); err == nil {
			j, err = c.ExportState(ctx, j.ID)
		}
	}
	if err != nil {
		return err
	}
	if j.State != "done" {
		return fmt.Errorf("export %s is %s, %s: %w", j.ID, j.State, j.Problem, ErrExport)
	}
	return c.copy(ctx, exportsPath+"/"+url.PathEscape(j.ID)+"/file", w)
}

// copy copies a file to w as it comes. What a busy server answers before its first byte
// is waited for; a file that breaks off is an error, since w has its beginning.
func (c *Client) copy(ctx context.Context, path string, w io.Writer) error {
	return c.again(ctx, func() (time.Duration, error) {
		got, wait, err := c.send(ctx, http.MethodGet, path, nil, nil, nil)
		if err != nil {
			return wait, err
		}
		defer got.Body.Close()
		if got.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(io.LimitReader(got.Body, maxAnswer))
			return c.refused(got, text)
		}
		if _, err := io.Copy(w, got.Body); err != nil {
			return 0, fmt.Errorf("read %s: %w", path, err)
		}
		return 0, nil
	})
}
