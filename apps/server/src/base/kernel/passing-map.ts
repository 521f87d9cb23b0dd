/**
 * A map for what comes and goes, such as the requests that are being answered; each place that deletes from a map that lives long uses
 * it. V8 makes a new table for a `Map` whenever removals have filled the old one, and the old one refers to it. Once one table has lived
 * long enough to be collected only by a full collection, all its successors are kept until then, with all that ever stood in them: young
 * collections free nothing of it, and from the next table on it begins again. Here the whole map is replaced before, by one to which
 * nothing refers.
 */
export class PassingMap<Key, Value> {
  #entries = new Map<Key, Value>()
  #removals = 0

  get size(): number {
    return this.#entries.size
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)
  }

  has(key: Key): boolean {
    return this.#entries.has(key)
  }

  set(key: Key, value: Value): this {
    this.#entries.set(key, value)
    return this
  }

  /** Whether there was one. */
  delete(key: Key): boolean {
    if (!this.#entries.delete(key)) return false
    this.#removals += 1
    // So often that little is kept, and so seldom that not more than one entry is copied for each that is removed.
    if (this.#removals > this.#entries.size) {
      this.#entries = new Map(this.#entries)
      this.#removals = 0
    }
    return true
  }

  clear(): void {
    this.#entries = new Map()
    this.#removals = 0
  }

  keys(): IteratorObject<Key, undefined> {
    return this.entries().map(([key]) => key)
  }

  values(): IteratorObject<Value, undefined> {
    return this.entries().map(([, value]) => value)
  }

  [Symbol.iterator](): IteratorObject<[Key, Value], undefined> {
    return this.entries()
  }

  /** In the order in which they were set. Entries may be deleted and changed meanwhile; whether new ones are met is not said. */
  *entries(): Generator<[Key, Value], undefined> {
    const entries = this.#entries
    for (const [key, value] of entries) {
      if (entries === this.#entries) yield [key, value]
      // The map was replaced meanwhile: this one still has what was deleted since, and not what was set.
      else if (this.#entries.has(key)) yield [key, this.#entries.get(key) as Value]
    }
    return undefined
  }
}

/** The same for a set. */
export class PassingSet<Item> {
  readonly #items = new PassingMap<Item, true>()

  get size(): number {
    return this.#items.size
  }

  has(item: Item): boolean {
    return this.#items.has(item)
  }

  add(item: Item): this {
    this.#items.set(item, true)
    return this
  }

  /** Whether it was there. */
  delete(item: Item): boolean {
    return this.#items.delete(item)
  }

  clear(): void {
    this.#items.clear()
  }

  /** In the order in which they were added. Items may be deleted meanwhile; whether new ones are met is not said. */
  [Symbol.iterator](): IteratorObject<Item, undefined> {
    return this.#items.keys()
  }
}
