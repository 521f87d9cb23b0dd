import { startHttpSite } from '#testing'

/** An HTTP API whose paths answer badly. */
export async function startBadApi() {
  const silent = Promise.withResolvers<void>()
  const api = await startHttpSite((request, answer) => {
    if (request.url === '/silent') return silent.resolve()
    if (request.url === '/large') return answer.end('x'.repeat(300_000))
    if (request.url === '/broken') return void request.socket.destroy()
    answer.statusCode = request.url === '/moved' ? 304 : 500
    return answer.end('{"error": "x"}')
  })
  return {
    ...api,
    /** Somebody waits for an answer that does not come. */
    waited: silent.promise,
  }
}

export type BadApi = Awaited<ReturnType<typeof startBadApi>>
