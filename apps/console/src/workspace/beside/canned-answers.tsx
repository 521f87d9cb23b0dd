import { type CannedAnswer, getCannedAnswers, setCannedAnswers } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { changedOver } from '../../studio/api/changed.ts'
import { ask } from '../../studio/api/server.ts'
import { Button } from '../../studio/ui/button.tsx'
import { CheckBox } from '../../studio/ui/check-box.tsx'
import { Field } from '../../studio/ui/field.tsx'
import { FormDialog } from '../../studio/ui/form-dialog.tsx'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { ReadingDialog } from '../../studio/ui/reading-dialog.tsx'
import { RemoveDialog } from '../../studio/ui/remove-dialog.tsx'
import { besideWords } from './words.ts'

interface Props {
  accountId: string
  skills: readonly { skillId: string; name: string }[]
  onClose: () => void
}

const EMPTY: CannedAnswer = { name: '', text: '', skillIds: [] }

/** The canned answers of the account, for those who may change them. */
export function CannedAnswers({ accountId, skills, onClose }: Props) {
  const [edited, setEdited] = useState<CannedAnswer>()
  const [removed, setRemoved] = useState<CannedAnswer>()
  const answers = useQuery({
    queryKey: ['canned-answers', accountId],
    queryFn: () => ask(accountId, getCannedAnswers),
  })
  const save = useSave(accountId)
  const namesOf = ({ skillIds }: CannedAnswer) =>
    skillIds.map((id) => skills.find(({ skillId }) => skillId === id)?.name ?? id).join(', ')
  if (edited) {
    return (
      <AnswerDialog
        {...{ accountId, skills }}
        answer={edited}
        onClose={() => setEdited(undefined)}
      />
    )
  }
  if (removed) {
    return (
      <RemoveDialog
        title={besideWords.canned.removeTitle(removed.name)}
        remove={() => save(removed, undefined)}
        onClose={() => setRemoved(undefined)}
      >
        <p>{besideWords.canned.removeText}</p>
      </RemoveDialog>
    )
  }
  return (
    <ReadingDialog title={besideWords.canned.title} onClose={onClose}>
      <Button kind="primary" onPress={() => setEdited(EMPTY)}>
        {besideWords.canned.add}
      </Button>
      <Loaded query={answers}>
        {({ answers: all }) =>
          all.length === 0 ? (
            <p className="faint">{besideWords.canned.none}</p>
          ) : (
            <ul className="beside-list canned" aria-label={besideWords.canned.title}>
              {all.map((answer) => (
                <li key={answer.name}>
                  <span className="canned-words">
                    <strong>/{answer.name}</strong>{' '}
                    <span className="faint">{namesOf(answer) || besideWords.canned.allSkills}</span>
                    <span className="talk-last">{answer.text}</span>
                  </span>
                  <Button
                    kind="quiet"
                    aria-label={besideWords.canned.edit(answer.name)}
                    onPress={() => setEdited(answer)}
                  >
                    <Pencil aria-hidden size={16} />
                  </Button>
                  <Button
                    kind="quiet"
                    aria-label={besideWords.canned.remove(answer.name)}
                    onPress={() => setRemoved(answer)}
                  >
                    <Trash2 aria-hidden size={16} />
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </ReadingDialog>
  )
}

/** Puts one answer in place of a former one, as they are kept now: somebody else may have changed others, or something else of it. */
function useSave(accountId: string) {
  const queries = useQueryClient()
  return async (former: CannedAnswer, next: CannedAnswer | undefined): Promise<void> => {
    const { answers } = await ask(accountId, getCannedAnswers)
    const place = answers.findIndex(({ name }) => name === former.name)
    const changed = next ? [changedOver(next, former, answers[place] ?? former)] : []
    const all = place < 0 ? [...answers, ...changed] : answers.toSpliced(place, 1, ...changed)
    const kept = await ask(accountId, setCannedAnswers, { body: { answers: all } })
    queries.setQueryData(['canned-answers', accountId], kept)
  }
}

interface AnswerProps extends Props {
  answer: CannedAnswer
}

function AnswerDialog({ accountId, skills, answer, onClose }: AnswerProps) {
  const [name, setName] = useState(answer.name)
  const [text, setText] = useState(answer.text)
  const [skillIds, setSkillIds] = useState<readonly string[]>(answer.skillIds)
  const save = useSave(accountId)
  const { error, isPending, mutate } = useMutation({
    mutationFn: () => save(answer, { name, text, skillIds: [...skillIds] }),
    onSuccess: onClose,
  })
  return (
    <FormDialog
      title={besideWords.canned.editTitle}
      submit={besideWords.canned.save}
      error={error}
      isPending={isPending}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <Field
        label={besideWords.canned.name}
        hint={besideWords.canned.nameHint}
        value={name}
        onChange={setName}
        pattern="\S{1,64}"
        maxLength={64}
        autoComplete="off"
        autoFocus
        isRequired
      />
      <Field
        label={besideWords.canned.text}
        value={text}
        onChange={setText}
        lines={5}
        maxLength={8_000}
        isRequired
      />
      <fieldset className="skills">
        <legend>{besideWords.canned.skills}</legend>
        <p className="faint">{besideWords.canned.skillsHint}</p>
        {skills.map(({ skillId, name: skill }) => (
          <CheckBox
            key={skillId}
            label={skill}
            isSelected={skillIds.includes(skillId)}
            onChange={(isChosen) =>
              setSkillIds(
                isChosen ? [...skillIds, skillId] : skillIds.filter((one) => one !== skillId),
              )
            }
          />
        ))}
      </fieldset>
    </FormDialog>
  )
}
