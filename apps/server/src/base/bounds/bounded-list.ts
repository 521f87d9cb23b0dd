import type { Bound } from './declare.ts'

/** A list that refuses what is too much. */
export interface BoundedList<Item> {
  /** `false` when it is full: the item is not in it. */
  push(item: Item): boolean
  readonly items: readonly Item[]
}

export function boundedList<Item>({ limit }: Bound<'list'>): BoundedList<Item> {
  const items: Item[] = []
  return {
    push(item) {
      if (items.length >= limit) return false
      items.push(item)
      return true
    },
    items,
  }
}
