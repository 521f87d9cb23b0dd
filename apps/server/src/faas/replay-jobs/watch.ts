import { watchReplayJob as spec } from '@parley/contract'
import type { FastifyReply } from 'fastify'
import { guarded } from '#base/http'
import type { ReplayJobsDeps } from './deps.ts'
import { getReplayJob } from './read.ts'

const LOOK_EVERY_MS = 500
/** The connection of a reader that is further behind is closed. */
const MAX_BEHIND_BYTES = 65_536

/**
 * Sends the job whenever it has changed, and ends with it, or when the reader may no longer read.
 * @throws `not_found`
 */
export async function watchReplayJob(
  deps: ReplayJobsDeps,
  accountId: string,
  jobId: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  await getReplayJob(deps, accountId, jobId)
  const stream = deps.streams.open(reply, { maxBehindBytes: MAX_BEHIND_BYTES })
  let told = ''
  let isLooking = false

  async function look(): Promise<void> {
    if (isLooking || stream.isClosed) return
    isLooking = true
    try {
      const job = await getReplayJob(deps, accountId, jobId)
      const text = JSON.stringify(job)
      if (text !== told) await stream.send('progress', job)
      told = text
      if (job.state !== 'running') stream.end()
    } catch (err) {
      deps.logger.warn({ err, accountId, jobId }, 'The progress of a replay job could not be read')
      stream.end()
    } finally {
      isLooking = false
    }
  }

  const resources = new DisposableStack()
  resources.use(deps.monotonic.every(LOOK_EVERY_MS, () => void look()))
  const call = { accountId, request: guarded(reply.request), permission: spec.auth }
  resources.use(deps.accounts.watchCall({ ...call, end: stream.end }))
  stream.onClose(() => resources.dispose())
  await look()
  return reply
}
