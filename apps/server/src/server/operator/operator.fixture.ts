import type { SentRequest, TestServer } from '#testing'

export const OPERATOR_KEY = 'the-key-of-the-operator-in-tests-1'
export const WITH_OPERATOR = { PARLEY_OPERATOR_KEY: OPERATOR_KEY }

/** Asks the operator's API with the right key. */
export function asOperator(server: Pick<TestServer, 'request'>) {
  return (method: string, path: string, body?: unknown, more: SentRequest = {}) =>
    server.request(method, `/api/v1/operator/${path}`, {
      bearer: OPERATOR_KEY,
      ...(body !== undefined && { body }),
      ...more,
    })
}
