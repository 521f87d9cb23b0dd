import { fitsNoRank, type TranscriptRule } from '@parley/contract'
import { useState } from 'react'
import { useSkills } from '../api/use-names.ts'
import { Checks } from '../ui/checks.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { operateWords } from '../words/operate.ts'
import { mailWords as t } from './words.ts'

interface Props {
  accountId: string
  /** Absent for a new one. */
  rule: TranscriptRule | undefined
  error: unknown
  isPending: boolean
  onSave: (rule: TranscriptRule) => void
  onClose: () => void
}

const ANY = 'any'
const RANKS = [1, 2, 3, 4, 5]

/** When a transcript is sent, to whom, and by whom. */
export function RuleDialog({ accountId, rule, error, isPending, onSave, onClose }: Props) {
  const { skills, skillsQuery } = useSkills(accountId)
  const [ruleId, setRuleId] = useState(rule?.ruleId ?? '')
  const [atLeast, setAtLeast] = useState(rule?.csatAtLeast)
  const [atMost, setAtMost] = useState(rule?.csatAtMost)
  const [skillIds, setSkillIds] = useState<readonly string[]>(rule?.skillIds ?? [])
  const [mail, setMail] = useState(
    rule?.mail ?? { targetEmail: '', senderName: '', senderEmail: '', subject: '' },
  )
  const write = (part: Partial<typeof mail>): void => setMail({ ...mail, ...part })

  const fitsNone = fitsNoRank({ csatAtLeast: atLeast, csatAtMost: atMost })

  function submit(): void {
    if (fitsNone) return
    onSave({
      ruleId,
      enabled: rule?.enabled ?? true,
      ...(atLeast !== undefined && { csatAtLeast: atLeast }),
      ...(atMost !== undefined && { csatAtMost: atMost }),
      ...(skillIds.length > 0 && { skillIds: [...skillIds] }),
      ...(rule?.agentIds && { agentIds: rule.agentIds }),
      mail,
    })
  }
  const rank = (value: number | undefined, onChange: (rank: number | undefined) => void) => ({
    value: value === undefined ? ANY : String(value),
    options: [
      { id: ANY, name: t.anyRank },
      ...RANKS.map((one) => ({ id: String(one), name: String(one) })),
    ],
    onChange: (id: string) => onChange(id === ANY ? undefined : Number(id)),
  })
  return (
    <FormDialog
      title={rule ? t.editRule : t.addRule}
      submit={operateWords.save}
      error={error}
      isPending={isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label={t.rule}
        hint={t.ruleHint}
        value={ruleId}
        onChange={setRuleId}
        maxLength={64}
        isRequired
        autoFocus
      />
      <div className="pair">
        <Choice label={t.atLeast} {...rank(atLeast, setAtLeast)} />
        <Choice
          label={t.atMost}
          problem={fitsNone ? t.fitsNone : undefined}
          {...rank(atMost, setAtMost)}
        />
      </div>
      <UnlessUnread query={skillsQuery}>
        <Checks
          label={t.skills}
          hint={t.skillsHint}
          options={skills.map(({ skillId, name }) => ({ id: skillId, name }))}
          value={skillIds}
          onChange={setSkillIds}
        />
      </UnlessUnread>
      <Field
        label={t.to}
        type="email"
        value={mail.targetEmail}
        onChange={(targetEmail) => write({ targetEmail })}
        maxLength={254}
        isRequired
      />
      <Field
        label={t.subject}
        value={mail.subject}
        onChange={(subject) => write({ subject })}
        maxLength={500}
        isRequired
      />
      <div className="pair">
        <Field
          label={t.senderName}
          value={mail.senderName}
          onChange={(senderName) => write({ senderName })}
          maxLength={500}
        />
        <Field
          label={t.senderEmail}
          type="email"
          value={mail.senderEmail}
          onChange={(senderEmail) => write({ senderEmail })}
          maxLength={254}
          isRequired
        />
      </div>
    </FormDialog>
  )
}
