import { replayInvocation } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { runWords as t } from '../words/runs.ts'
import { ReplayOutcome } from './replay-outcome.tsx'

const TARGETS = ['draft', 'deployed', 'recorded'] as const

/** Runs one run again, with the draft unless another version is chosen, and shows what is different. */
export function ReplayRun({ accountId, recordId }: { accountId: string; recordId: string }) {
  const [against, setAgainst] = useState<(typeof TARGETS)[number]>('draft')
  const replay = useMutation({
    mutationFn: () => ask(accountId, replayInvocation, { params: { recordId }, body: { against } }),
  })
  return (
    <>
      <p className="faint">{t.replayHint}</p>
      <div className="replay-bar">
        <Choice
          label={t.replayOn}
          value={against}
          options={TARGETS.map((id) => ({ id, name: t.targets[id] }))}
          onChange={(id) => setAgainst(TARGETS.find((known) => known === id) ?? 'draft')}
        />
        <Button kind="primary" isPending={replay.isPending} onPress={() => replay.mutate()}>
          {replay.isPending ? t.replaying : t.replayNow}
        </Button>
      </div>
      {replay.error && <ErrorNotice error={replay.error} />}
      {replay.data && !replay.isPending && <ReplayOutcome {...replay.data} />}
    </>
  )
}
