/** A function has failed: worth another try, and at last no reason to keep the event. */
export class FunctionFailed extends Error {
  override name = 'FunctionFailed'

  constructor(errorCode: string) {
    super(`The function failed with ${errorCode}`)
  }
}
