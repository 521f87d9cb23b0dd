import type { Bound } from './declare.ts'
import { countBeyond, countStructure } from './use.ts'

/** A list that refuses what is too much. */
export interface BoundedList<Item> {
  /** `false` when it is full: the item is not in it. */
  push(item: Item): boolean
  readonly items: readonly Item[]
}

export function boundedList<Item>(bound: Bound<'list'>): BoundedList<Item> {
  const items: Item[] = []
  countStructure(bound, items, lengthOf)
  return {
    push(item) {
      if (items.length >= bound.limit) {
        countBeyond(bound)
        return false
      }
      items.push(item)
      return true
    },
    items,
  }
}

function lengthOf({ length }: readonly unknown[]): number {
  return length
}
