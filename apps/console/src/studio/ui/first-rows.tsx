import { type ReactNode, useState } from 'react'
import { operateWords } from '../words/operate.ts'
import { Button } from './button.tsx'

/** So many are drawn at first, and more when they are asked for: a browser is slow to draw thousands. */
const ROWS = 100

interface Props<Row> {
  /** All of them are there. */
  rows: readonly Row[]
  /** A table of those that are drawn. */
  children: (drawn: readonly Row[]) => ReactNode
}

/** The first of whatever many rows, and the way to more of them. */
export function FirstRows<Row>({ rows, children }: Props<Row>) {
  const [most, setMost] = useState(ROWS)
  return (
    <>
      {children(rows.slice(0, most))}
      {rows.length > most && (
        <p>
          <Button onPress={() => setMost(most + ROWS)}>{operateWords.loadMore}</Button>
        </p>
      )}
    </>
  )
}
