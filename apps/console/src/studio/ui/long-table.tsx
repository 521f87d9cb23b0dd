import type { ComponentProps } from 'react'
import { FirstRows } from './first-rows.tsx'
import { PlainTable } from './plain-table.tsx'

/** A table of whatever many rows that are all there. */
export function LongTable<Row>(props: ComponentProps<typeof PlainTable<Row>>) {
  return (
    <FirstRows rows={props.rows}>{(drawn) => <PlainTable {...props} rows={drawn} />}</FirstRows>
  )
}
