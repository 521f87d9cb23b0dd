import { type ComponentProps, useState } from 'react'
import { operateWords } from '../words/operate.ts'
import { Button } from './button.tsx'
import { PlainTable } from './plain-table.tsx'

/** So many are drawn at first, and more when they are asked for: a browser is slow to draw thousands. */
const ROWS = 100

/** A table of whatever many rows that are all there. */
export function LongTable<Row>(props: ComponentProps<typeof PlainTable<Row>>) {
  const { rows } = props
  const [most, setMost] = useState(ROWS)
  return (
    <>
      <PlainTable {...props} rows={rows.slice(0, most)} />
      {rows.length > most && (
        <p>
          <Button onPress={() => setMost(most + ROWS)}>{operateWords.loadMore}</Button>
        </p>
      )}
    </>
  )
}
