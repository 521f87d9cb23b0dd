import {
  getReportSettings,
  previewReport,
  REPORT_FREQUENCIES,
  type ReportSettings,
  setReportSettings,
} from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changedOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Choice } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { ReadingDialog } from '../ui/reading-dialog.tsx'
import { Due } from '../ui/time.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { reportWords as t } from './report-words.ts'

interface Props {
  accountId: string
  /** @param done what was done, where something was */
  onClose: (done?: string) => void
}

/** Who gets the report by mail, how often, and what it says. */
export function ReportDialog({ accountId, onClose }: Props) {
  const mayWrite = useMay(accountId, 'report-recipient:write')
  const query = useQuery({
    queryKey: ['report-settings', accountId],
    queryFn: () => ask(accountId, getReportSettings),
  })
  const { data } = query
  if (data && mayWrite) return <ReportForm accountId={accountId} stored={data} onClose={onClose} />
  return (
    <ReadingDialog title={t.title} onClose={() => onClose()}>
      <Loaded query={query}>
        {({ frequency, recipients }) => (
          <>
            <Facts
              facts={[
                [t.frequency, t.frequencies[frequency]],
                [t.recipients, <bdi key="to">{recipients.join(', ')}</bdi>],
              ]}
            />
            <Preview accountId={accountId} frequency={frequency} />
          </>
        )}
      </Loaded>
    </ReadingDialog>
  )
}

function ReportForm({ accountId, stored, onClose }: Props & { stored: ReportSettings }) {
  const mayChoose = useMay(accountId, 'report-settings:write')
  const client = useQueryClient()
  const [before] = useState(stored)
  const [frequency, setFrequency] = useState(stored.frequency)
  const [typed, setTyped] = useState(stored.recipients.join('\n'))
  const recipients = typed.split(/[\s,;]+/).filter((address) => address !== '')
  const save = useDialogMutation({
    mutationFn: async () => {
      const newest = await ask(accountId, getReportSettings)
      const body = changedOver({ frequency, recipients }, before, newest)
      return await ask(accountId, setReportSettings, { body })
    },
    onSuccess: (settings) => {
      client.setQueryData(['report-settings', accountId], settings)
      void client.invalidateQueries({ queryKey: ['report-preview', accountId] })
    },
    onDone: () => onClose(t.saved),
  })
  return (
    <FormDialog
      title={t.title}
      submit={operateWords.save}
      isWide
      error={save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={() => onClose()}
    >
      <p className="faint">{t.hint}</p>
      {mayChoose ? (
        <Choice
          label={t.frequency}
          value={frequency}
          options={REPORT_FREQUENCIES.map((id) => ({ id, name: t.frequencies[id] }))}
          onChange={(id) =>
            setFrequency(REPORT_FREQUENCIES.find((known) => known === id) ?? 'none')
          }
        />
      ) : (
        <Facts facts={[[t.frequency, t.frequencies[frequency]]]} />
      )}
      <Field
        label={t.recipients}
        member="recipients"
        hint={t.recipientsHint}
        value={typed}
        lines={4}
        onChange={setTyped}
      />
      <Preview accountId={accountId} frequency={frequency} />
    </FormDialog>
  )
}

/** The newest report as it would leave now, and what becomes of it. */
function Preview({
  accountId,
  frequency,
}: { accountId: string } & Pick<ReportSettings, 'frequency'>) {
  const query = useQuery({
    queryKey: ['report-preview', accountId, frequency],
    queryFn: () =>
      ask(accountId, previewReport, { query: frequency === 'none' ? {} : { frequency } }),
  })
  return (
    <section className="stack" aria-label={t.preview}>
      <h3>{t.preview}</h3>
      <Loaded query={query}>
        {({ subject, html, mailServer, senderEmail, nextAt }) => (
          <>
            {!mailServer && <p className="notice">{t.noServer}</p>}
            {senderEmail === undefined && mailServer && <p className="notice">{t.noSender}</p>}
            <p className="faint">
              {nextAt === undefined ? (
                t.noNext
              ) : (
                <>
                  {t.next} <Due at={nextAt} />.
                </>
              )}{' '}
              {senderEmail !== undefined && t.from(senderEmail)}
            </p>
            <p>
              <bdi>{subject}</bdi>
            </p>
            {/* Without scripts, and without any origin, as all mails. */}
            <iframe className="mail-frame" title={t.preview} sandbox="" srcDoc={html} />
          </>
        )}
      </Loaded>
    </section>
  )
}
