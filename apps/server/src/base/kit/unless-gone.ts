import { ParleyError } from '#base/kernel'

/** The result of a read or a change; `undefined` when the conversation is erased or the reader may no longer see it. */
export async function unlessGone<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result
  } catch (error) {
    if (error instanceof ParleyError && error.status === 404) return undefined
    throw error
  }
}
