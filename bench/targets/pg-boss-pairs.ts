import { importPeer } from '../peers/resolve.ts'
import { answerWithQueue, type EventJob, QUEUE_CONNECTIONS } from './job-pairs.ts'

interface PgBoss {
  on(event: 'error', listener: (error: Error) => void): void
  start(): Promise<unknown>
  createQueue(name: string, options: object): Promise<void>
  send(name: string, data: object): Promise<string | null>
  work(
    name: string,
    options: object,
    handler: (jobs: { data: EventJob }[]) => Promise<unknown>,
  ): Promise<string>
  stop(options: object): Promise<void>
}

const { PgBoss } = await importPeer<{ PgBoss: new (options: object) => PgBoss }>('pg-boss')
const QUEUE = 'bench'

/** Woken by notifications, in batches: what its documentation has for many short jobs. */
await answerWithQueue(async (url, work) => {
  const boss = new PgBoss({ connectionString: url, max: QUEUE_CONNECTIONS, useListenNotify: true })
  boss.on('error', (error) => console.error(error))
  await boss.start()
  await boss.createQueue(QUEUE, { notify: true })
  const options = { batchSize: 64, burstWhenBatchFull: true, localConcurrency: 2 }
  await boss.work(QUEUE, options, (jobs) => Promise.all(jobs.map(({ data }) => work(data))))
  return {
    enqueue: (job) => boss.send(QUEUE, job),
    [Symbol.asyncDispose]: () => boss.stop({ graceful: true }),
  }
})
