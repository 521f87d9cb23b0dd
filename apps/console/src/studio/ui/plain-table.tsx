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

/** A table of at most some hundred rows. */
export function PlainTable<Row>({ label, rows, keyOf, columns: all }: Props<Row>) {
  const columns = all.filter(({ isHidden }) => !isHidden)
  return (
    <div className="table-frame" role="group" aria-label={label} tabIndex={0}>
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ head, className }) => (
              <th key={head} scope="col" className={className}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map(({ head, cell, className = '' }, column) =>
                column === 0 ? (
                  <th key={head} scope="row" className={className}>
                    {cell(row, index)}
                  </th>
                ) : (
                  <td key={head} className={className}>
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
