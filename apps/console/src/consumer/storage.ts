/** What the browser keeps for this page. Where it keeps nothing (blocked for embedded pages), it lasts as long as the page. */
const inMemory = new Map<string, string>()

export function read(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? inMemory.get(key)
  } catch {
    return inMemory.get(key)
  }
}

export function keep(key: string, value: string): void {
  inMemory.set(key, value)
  try {
    localStorage.setItem(key, value)
  } catch {
    // It stays in memory.
  }
}

export function forget(key: string): void {
  inMemory.delete(key)
  try {
    localStorage.removeItem(key)
  } catch {
    // There was nothing to remove.
  }
}
