package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite"
)

// Limits of what a connection keeps (our own): a kept statement is some ten
// kilobytes, and one with very many parameters is rarely asked twice.
const (
	keptStatements = 160
	keptLength     = 4000 // bytes
)

// openPool is a pool of connections that keep the statements they prepared, so that
// SQLite reads and plans each of them once. It is a third of the work of a page.
func openPool(name string) (*sql.DB, error) {
	to, err := sqlite.NewConnector(name)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeper{to}), nil
}

// keeper opens connections that keep their statements.
type keeper struct{ driver.Connector }

// Connect opens a connection.
func (k keeper) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keepingConn{whole: c.(whole), idle: map[string]statement{}}, nil
}

// whole is what database/sql asks of a connection, and SQLite's can do.
type whole interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// statement is one that is prepared.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keepingConn is a connection with the statements that nobody uses just now, by
// their text. database/sql lets one caller in at a time.
type keepingConn struct {
	whole
	idle map[string]statement
}

// keeps tells whether a statement is worth keeping. A PRAGMA may do its work while
// it is prepared, so that it has to be prepared each time.
func keeps(query string) bool {
	return len(query) <= keptLength && !strings.HasPrefix(query, "PRAGMA")
}

// take is a statement for a query, kept or prepared anew. Who takes it has it alone
// until it is put back.
func (c *keepingConn) take(ctx context.Context, query string) (statement, error) {
	if st, kept := c.idle[query]; kept {
		delete(c.idle, query)
		return st, nil
	}
	st, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.(statement), nil
}

// put keeps a statement for the next who asks the same, in the place of any other
// where there are many; one that failed is closed.
func (c *keepingConn) put(query string, st statement, failed error) {
	if _, twice := c.idle[query]; twice || failed != nil {
		_ = st.Close() // what failed is told by failed
		return
	}
	if len(c.idle) >= keptStatements {
		for other, old := range c.idle {
			_ = old.Close()
			delete(c.idle, other)
			break
		}
	}
	c.idle[query] = st
}

// QueryContext runs a query on a kept statement.
func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !keeps(query) {
		return c.whole.QueryContext(ctx, query, args)
	}
	st, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args)
	if err != nil {
		c.put(query, st, err)
		return nil, err
	}
	return &keptRows{Rows: rows, of: c, query: query, st: st}, nil
}

// ExecContext runs a change on a kept statement.
func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !keeps(query) {
		return c.whole.ExecContext(ctx, query, args)
	}
	st, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	out, err := st.ExecContext(ctx, args)
	c.put(query, st, err)
	return out, err
}

// Close closes what is kept, and the connection.
func (c *keepingConn) Close() error {
	for _, st := range c.idle {
		_ = st.Close()
	}
	clear(c.idle)
	return c.whole.Close()
}

// keptRows are rows that give their statement back when they are closed.
type keptRows struct {
	driver.Rows
	of    *keepingConn
	query string
	st    statement
}

// Close ends the rows.
func (r *keptRows) Close() error {
	err := r.Rows.Close()
	r.of.put(r.query, r.st, err)
	return err
}
