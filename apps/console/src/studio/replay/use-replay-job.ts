import {
  cancelReplayJob,
  getReplayJob,
  listReplayedRuns,
  listReplayJobs,
  type ReplayJob,
  startReplayJob,
} from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, ServerError } from '../api/server.ts'
import { together } from '../ui/use-unread.tsx'

const LAST = 50
const EVERY_MS = 500

/**
 * The last runs of a function on its draft: a job of the server, which goes on when the page is closed. One that runs already, whoever has
 * begun it, is shown: no other one begins before it has ended or was stopped.
 */
export function useReplayJob(accountId: string, functionId: string) {
  const [started, setStarted] = useState<ReplayJob>()
  const begun = useQuery({
    queryKey: ['replay-job-running', accountId, functionId],
    queryFn: () => runningJob(accountId, functionId),
    enabled: started === undefined,
    gcTime: 0,
  })
  if (!started && begun.data) setStarted(begun.data)
  const jobId = started?.jobId ?? ''
  const read = useQuery({
    queryKey: ['replay-job', accountId, jobId],
    queryFn: () => ask(accountId, getReplayJob, { params: { jobId } }),
    enabled: jobId !== '',
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? EVERY_MS : false),
    initialData: started,
  })
  const { data = started } = read
  const isRunning = data?.state === 'running'
  const runs = useQuery({
    queryKey: ['replayed-runs', accountId, jobId],
    queryFn: () => ask(accountId, listReplayedRuns, { params: { jobId }, query: { limit: LAST } }),
    enabled: data !== undefined && !isRunning,
  })
  const start = useMutation({
    mutationFn: async (prepare: () => Promise<unknown>) => {
      await prepare()
      return await ask(accountId, startReplayJob, {
        params: { functionId },
        body: { last: LAST, against: 'draft' },
      })
    },
    onSuccess: setStarted,
    onError: async (refused) => {
      if (!(refused instanceof ServerError) || refused.code !== 'replay_job_running') return
      const running = await runningJob(accountId, functionId)
      if (running) setStarted(running)
    },
  })
  const cancel = useMutation({
    mutationFn: () => ask(accountId, cancelReplayJob, { params: { jobId } }),
  })
  return {
    job: data,
    runs: runs.data,
    error: start.error ?? cancel.error,
    query: together([read, runs]),
    start,
    cancel,
    isRunning,
  }
}

async function runningJob(accountId: string, functionId: string): Promise<ReplayJob | null> {
  const { jobs } = await ask(accountId, listReplayJobs, { query: { functionId } })
  return jobs.find(({ state }) => state === 'running') ?? null
}
