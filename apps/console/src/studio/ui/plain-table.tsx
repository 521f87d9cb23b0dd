import type { ReactNode } from 'react'

export interface Column<Row> {
  head: string
  cell: (row: Row, index: number) => ReactNode
  className?: string
  /** Not for this reader. */
  isHidden?: boolean
}

interface Props<Row> {
  label: string
  rows: readonly Row[]
  keyOf: (row: Row, index: number) => string
  /** The first one names the row. */
  columns: readonly Column<Row>[]
}

/** So many columns stand beside each other on a phone; of more, each row is a list of its own there. */
const BESIDE = 3

/** A table of at most some hundred rows. Its roles are spelled out: a browser forgets those of rows that are no longer laid out as a table. */
export function PlainTable<Row>({ label, rows, keyOf, columns: all }: Props<Row>) {
  const columns = all.filter(({ isHidden }) => !isHidden)
  return (
    <div className="table-frame" role="group" aria-label={label} tabIndex={0}>
      <table
        role="table"
        aria-label={label}
        className={columns.length > BESIDE ? 'stacks' : 'fits'}
      >
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ head, className }) => (
              <th key={head} role="columnheader" scope="col" className={className}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)} role="row">
              {columns.map(({ head, cell, className = '' }, column) =>
                column === 0 ? (
                  <th key={head} role="rowheader" scope="row" className={className}>
                    {cell(row, index)}
                  </th>
                ) : (
                  <td key={head} role="cell" data-head={head} className={className}>
                    {cell(row, index)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
