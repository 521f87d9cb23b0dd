import { importPeer } from '../peers/resolve.ts'
import { answerWithQueue, type EventJob, QUEUE_CONNECTIONS } from './job-pairs.ts'

interface GraphileWorker {
  run(options: object): Promise<{
    addJob(task: string, payload: object): Promise<unknown>
    stop(): Promise<void>
  }>
  Logger: new (factory: () => () => void) => object
}

const { run, Logger } = await importPeer<GraphileWorker>('graphile-worker')

/** With the settings of https://worker.graphile.org/docs/performance: jobs are fetched and completed in batches. */
await answerWithQueue(async (url, work) => {
  const runner = await run({
    preset: {
      worker: {
        connectionString: url,
        maxPoolSize: QUEUE_CONNECTIONS,
        concurrentJobs: 64,
        localQueue: { size: 65 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        // Otherwise a line of the console for each job.
        logger: new Logger(() => () => undefined),
      },
    },
    noHandleSignals: true,
    taskList: { pair: (payload: EventJob) => work(payload) },
  })
  return {
    enqueue: (job) => runner.addJob('pair', job),
    [Symbol.asyncDispose]: () => runner.stop(),
  }
})
