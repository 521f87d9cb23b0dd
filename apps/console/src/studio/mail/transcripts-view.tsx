import {
  getTranscriptSettings,
  setTranscriptSettings,
  type TranscriptRule,
  type TranscriptSettings,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { changedOver, listOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useFunctions, useSkills } from '../api/use-names.ts'
import { useUserNames } from '../api/use-user-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { operateWords } from '../words/operate.ts'
import { RuleDialog } from './rule-dialog.tsx'
import { mailWords as t } from './words.ts'

const EVENT = 'denver_post_survey_email_transcript'

/** Who gets a transcript: functions decide first, rules where there is none. */
export function TranscriptsView({ accountId }: { accountId: string }) {
  const mayWrite = useMay(accountId, 'account:write')
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const [writing, setWriting] = useState<TranscriptRule | 'new'>()
  const [leaving, setLeaving] = useState<TranscriptRule>()
  const { functions } = useFunctions(accountId)
  const live = functions.filter((one) => one.eventId === EVENT && one.liveVersion !== undefined)
  const key = ['transcript-settings', accountId]
  const query = useQuery({ queryKey: key, queryFn: () => ask(accountId, getTranscriptSettings) })
  async function write(change: Change): Promise<void> {
    const newest = await ask(accountId, getTranscriptSettings)
    const body = change(newest)
    client.setQueryData(key, await ask(accountId, setTranscriptSettings, { body }))
  }
  const save = useMutation({
    mutationFn: write,
    onMutate: () => setSaid(''),
    onSuccess: () => setSaid(t.saved),
  })
  return (
    <>
      <p role="status">{said}</p>
      {live.length > 0 && (
        <p className="notice">
          {t.functionsDecide}{' '}
          {live.map(({ functionId }) => (
            <FunctionLink key={functionId} accountId={accountId} functionId={functionId} />
          ))}
        </p>
      )}
      <Loaded query={query}>
        {(settings) => (
          <>
            <section className="stack" aria-label={t.rules}>
              <div className="page-head">
                <h2>{t.rules}</h2>
                {mayWrite && (
                  <Button onPress={() => setWriting('new')}>
                    <Plus aria-hidden size={16} />
                    {t.addRule}
                  </Button>
                )}
              </div>
              <p className="faint">{t.rulesHint}</p>
              <Rules
                accountId={accountId}
                rules={settings.rules}
                mayWrite={mayWrite}
                onEdit={setWriting}
                onDelete={setLeaving}
                onChange={(rules) => save.mutate(rulesOver(rules, settings.rules))}
              />
              {save.error && writing === undefined && <ErrorNotice error={save.error} />}
            </section>
            <Leaving
              settings={settings}
              isDisabled={!mayWrite}
              isPending={save.isPending}
              onTyped={() => setSaid('')}
              onSave={(change, onSuccess) => save.mutate(change, { onSuccess })}
            />
            {writing && (
              <RuleDialog
                accountId={accountId}
                rule={writing === 'new' ? undefined : writing}
                error={save.error}
                isPending={save.isPending}
                onSave={(rule) =>
                  // What the dialog began with: a colleague may have changed the rule since.
                  save.mutate(rulesOver([rule], writing === 'new' ? [] : [writing]), {
                    onSuccess: () => setWriting(undefined),
                  })
                }
                onClose={() => {
                  save.reset()
                  setWriting(undefined)
                }}
              />
            )}
            {leaving && (
              <RemoveDialog
                title={t.deleteRule(leaving.ruleId)}
                remove={() => write(rulesOver([], [leaving]))}
                onClose={(isGone) => {
                  setLeaving(undefined)
                  if (isGone) setSaid(t.saved)
                }}
              >
                <p>{t.deleteRuleText}</p>
              </RemoveDialog>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}

/** What is done to the settings as they are stored when it is saved: a colleague may have changed the rest. */
type Change = (newest: TranscriptSettings) => TranscriptSettings

function rulesOver(rules: readonly TranscriptRule[], before: readonly TranscriptRule[]): Change {
  return (newest) => ({
    ...newest,
    rules: listOver(rules, before, newest.rules, ({ ruleId }) => ruleId),
  })
}

interface RulesProps {
  accountId: string
  rules: readonly TranscriptRule[]
  mayWrite: boolean
  onEdit: (rule: TranscriptRule) => void
  onDelete: (rule: TranscriptRule) => void
  onChange: (rules: TranscriptRule[]) => void
}

function Rules({ accountId, rules, mayWrite, onEdit, onDelete, onChange }: RulesProps) {
  const { skillName } = useSkills(accountId)
  const { userName } = useUserNames(accountId)
  if (rules.length === 0) return <p className="faint">{t.noRules}</p>
  return (
    <PlainTable
      label={t.rules}
      rows={rules}
      keyOf={({ ruleId }) => ruleId}
      columns={[
        { head: t.rule, cell: ({ ruleId }) => <code>{ruleId}</code> },
        {
          head: t.state,
          cell: ({ enabled }) => (
            <span className={`chip ${enabled ? 'good' : 'quiet'}`}>{enabled ? t.on : t.off}</span>
          ),
        },
        {
          head: t.condition,
          cell: (rule) =>
            t.conditions(
              rule.csatAtLeast,
              rule.csatAtMost,
              rule.skillIds?.map(skillName),
              rule.agentIds?.map(userName),
            ),
        },
        {
          head: t.to,
          cell: ({ mail }) => (
            <>
              <bdi>{mail.targetEmail}</bdi>
              <span className="faint line">
                <bdi>{mail.subject}</bdi>
              </span>
            </>
          ),
        },
        {
          head: operateWords.actions,
          isHidden: !mayWrite,
          cell: (rule) => (
            <span className="actions">
              <Button
                kind="quiet"
                aria-label={`${operateWords.edit} ${rule.ruleId}`}
                onPress={() => onEdit(rule)}
              >
                {operateWords.edit}
              </Button>
              <Button
                kind="quiet"
                aria-label={`${rule.enabled ? t.switchOff : t.switchOn} ${rule.ruleId}`}
                onPress={() =>
                  onChange(
                    rules.map((one) => (one === rule ? { ...one, enabled: !one.enabled } : one)),
                  )
                }
              >
                {rule.enabled ? t.switchOff : t.switchOn}
              </Button>
              <Button
                kind="quiet"
                aria-label={`${operateWords.delete} ${rule.ruleId}`}
                onPress={() => onDelete(rule)}
              >
                {operateWords.delete}
              </Button>
            </span>
          ),
        },
      ]}
    />
  )
}

interface LeavingProps {
  settings: TranscriptSettings
  isDisabled: boolean
  isPending: boolean
  /** Something is typed that is not saved. */
  onTyped: () => void
  onSave: (change: Change, done: () => void) => void
}

/** How mails leave: held or at once, from whom, and where they return. */
function Leaving({ settings, isDisabled, isPending, onTyped, onSave }: LeavingProps) {
  const { bounceAddress } = settings
  const stored = {
    isHeld: settings.holdMails,
    senders: settings.senders.join('\n'),
    bounce: bounceAddress ?? '',
  }
  /** What was typed and is not saved yet: the rest is as somebody else may have changed it. */
  const [written, setWritten] = useState<Partial<typeof stored>>({})
  const write = (part: Partial<typeof stored>): void => setWritten({ ...written, ...part })
  const { isHeld, senders, bounce } = { ...stored, ...written }
  const typed = {
    holdMails: isHeld,
    senders: senders.split(/\s+/).filter((line) => line !== ''),
    ...(bounce.trim() !== '' && { bounceAddress: bounce.trim() }),
  }
  useUnsaved(
    isHeld !== settings.holdMails ||
      typed.senders.join() !== settings.senders.join() ||
      typed.bounceAddress !== bounceAddress,
    onTyped,
  )
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    const draft: TranscriptSettings = { rules: settings.rules, ...typed }
    onSave(
      (newest) => changedOver(draft, settings, newest),
      () => setWritten((now) => (now === written ? {} : now)),
    )
  }
  return (
    <form className="stack narrow" aria-label={t.leaving} onSubmit={submit}>
      <h2>{t.leaving}</h2>
      <CheckBox
        label={t.holdAll}
        hint={t.holdAllHint}
        isSelected={isHeld}
        isDisabled={isDisabled}
        onChange={(next) => write({ isHeld: next })}
      />
      <Field
        label={t.senders}
        hint={t.sendersHint}
        value={senders}
        lines={3}
        isDisabled={isDisabled}
        onChange={(text) => write({ senders: text })}
      />
      <Field
        label={t.bounce}
        hint={t.bounceHint}
        type="email"
        value={bounce}
        maxLength={254}
        isDisabled={isDisabled}
        onChange={(text) => write({ bounce: text })}
      />
      {!isDisabled && (
        <div className="actions">
          <Button type="submit" kind="primary" isPending={isPending}>
            {operateWords.save}
          </Button>
        </div>
      )}
      <p className="faint">{t.smtp}</p>
    </form>
  )
}
