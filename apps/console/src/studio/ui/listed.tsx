import type { ReactNode } from 'react'
import { operateWords } from '../words/operate.ts'
import { Button } from './button.tsx'
import { Loaded } from './loaded.tsx'
import { LongTable } from './long-table.tsx'
import { type Column, PlainTable } from './plain-table.tsx'
import type { Asked } from './use-unread.tsx'

interface Listing<Data> extends Asked {
  data: Data | undefined
  /** Of a list that comes page by page. */
  hasNextPage?: boolean
  isFetchingNextPage?: boolean
  fetchNextPage?: () => unknown
}

interface Props<Data, Row> {
  label: string
  query: Listing<Data>
  rowsOf: (data: Data) => readonly Row[]
  keyOf: (row: Row) => string
  /** The first one names the row. */
  columns: readonly Column<Row>[]
  /** What stands in place of a list without rows: `<Empty>`, or a line of text. */
  empty: ReactNode
  /** What can be done with many rows at once, above them. */
  above?: (rows: readonly Row[]) => ReactNode
}

/** A list of the server: its rows, or why there are none, and the way to more of them. */
export function Listed<Data, Row>(props: Props<Data, Row>) {
  const { label, query, rowsOf, keyOf, columns, empty, above } = props
  return (
    <>
      <Loaded query={query}>
        {(data) => {
          const rows = rowsOf(data)
          if (rows.length === 0) return empty
          // Of what comes page by page, all is drawn that was asked for.
          const Table = query.fetchNextPage ? PlainTable<Row> : LongTable<Row>
          return (
            <>
              {above?.(rows)}
              <Table label={label} rows={rows} keyOf={keyOf} columns={columns} />
            </>
          )
        }}
      </Loaded>
      {query.hasNextPage && (
        <p>
          <Button
            isPending={query.isFetchingNextPage ?? false}
            onPress={() => void query.fetchNextPage?.()}
          >
            {operateWords.loadMore}
          </Button>
        </p>
      )}
    </>
  )
}
