/**
 * What a browser keeps for a page. It may refuse to: its room is full, or it is set to keep nothing for this page or for embedded ones.
 * What it refuses lasts as long as the page.
 */
class Kept {
  readonly #storage: () => Storage
  readonly #refused = new Map<string, string>()

  constructor(storage: () => Storage) {
    this.#storage = storage
  }

  read(key: string): string | undefined {
    return this.#refused.get(key) ?? this.#try((storage) => storage.getItem(key)) ?? undefined
  }

  /** @returns whether the browser keeps it, beyond the page */
  keep(key: string, value: string): boolean {
    this.#refused.set(key, value)
    const isKept = this.#try((storage) => {
      storage.setItem(key, value)
      return true
    })
    if (isKept) this.#refused.delete(key)
    return isKept === true
  }

  forget(key: string): void {
    this.#refused.delete(key)
    this.#try((storage) => storage.removeItem(key))
  }

  keysFrom(prefix: string): string[] {
    const keys = this.#try((storage) => Object.keys(storage)) ?? []
    return [...new Set([...keys, ...this.#refused.keys()])].filter((key) => key.startsWith(prefix))
  }

  /** Another tab has changed it: that is newer than what was refused here. */
  heard(key: string | null): void {
    if (key === null) this.#refused.clear()
    else this.#refused.delete(key)
  }

  #try<Result>(use: (storage: Storage) => Result): Result | undefined {
    try {
      return use(this.#storage())
    } catch {
      return undefined
    }
  }
}

/** For all tabs, and after they are closed. */
export const storage = new Kept(() => localStorage)
/** For this tab, until it is closed. */
export const tabStorage = new Kept(() => sessionStorage)

addEventListener('storage', ({ key }) => storage.heard(key))
