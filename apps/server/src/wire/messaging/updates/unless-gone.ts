import { ParleyError } from '#base/kernel'

/** The result of a read; `undefined` when the conversation is erased or the reader may no longer see it. */
export async function unlessGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (error instanceof ParleyError && error.status === 404) return undefined
    throw error
  }
}
