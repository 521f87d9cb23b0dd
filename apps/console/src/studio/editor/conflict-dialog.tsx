import { type FunctionDetail, getFunctionVersion } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { words } from '../words/index.ts'
import { mergeWords as t } from '../words/merge.ts'
import { CodeDiff } from './code-diff.tsx'
import { HunkChoice } from './hunk-choice.tsx'
import { type Choice, type Hunk, hunksOf, merge } from './merge.ts'

interface Props {
  accountId: string
  theirs: FunctionDetail
  mine: string
  /** The version that both began with. */
  base: number
  onTheirs: () => void
  onSave: (code: string) => void
  onClose: () => void
}

/** Two people have written at the same time: nothing is lost before one of them decides. */
export function ConflictDialog({ accountId, theirs, mine, base, ...on }: Props) {
  const { functionId, language, version } = theirs
  const began = useQuery({
    queryKey: ['version', accountId, functionId, base],
    queryFn: () => ask(accountId, getFunctionVersion, { params: { functionId, version: base } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [choices, setChoices] = useState<ReadonlyMap<Hunk, Choice>>(new Map())
  const hunks = useMemo(
    () => began.data && hunksOf(began.data.code, theirs.code, mine),
    [began.data, theirs.code, mine],
  )
  const open = hunks?.filter((hunk) => !hunk.proposed && !choices.has(hunk)) ?? []
  const merged = began.data && hunks && merge(began.data.code, hunks, choices)
  return (
    <ModalDialog title={t.title} isWide isAlert onClose={on.onClose}>
      <p>{t.text(theirs.updatedBy, version, base)}</p>
      {began.isPending && <Waiting />}
      {began.error && <p className="notice">{t.noBase}</p>}
      {hunks && (
        <>
          <p role="status">{t.count(hunks.length, open.length)}</p>
          <ol className="hunks">
            {hunks.map((hunk) => (
              <HunkChoice
                key={hunk.from}
                hunk={hunk}
                choice={choices.get(hunk) ?? hunk.proposed}
                onChoose={(choice) => setChoices((old) => new Map([...old, [hunk, choice]]))}
              />
            ))}
          </ol>
          <h3>{t.result}</h3>
        </>
      )}
      {!began.isPending && (
        <CodeDiff
          language={language}
          before={theirs.code}
          after={merged ?? mine}
          names={[words.editor.version(version), merged === undefined ? t.yours : t.merged]}
        />
      )}
      <div className="dialog-actions">
        <Button onPress={on.onClose}>{words.common.cancel}</Button>
        <Button onPress={on.onTheirs}>{t.takeTheirs}</Button>
        <Button onPress={() => on.onSave(mine)}>{t.takeMine}</Button>
        {merged !== undefined && (
          <Button kind="primary" isDisabled={open.length > 0} onPress={() => on.onSave(merged)}>
            {t.save}
          </Button>
        )}
      </div>
    </ModalDialog>
  )
}
