import { useSkills } from '../api/use-names.ts'
import { Filter } from './filter.tsx'
import { UnlessUnread } from './unless-unread.tsx'

interface Props {
  accountId: string
  label: string
  /** The word for all of them, where it is not "All". */
  all?: string
  /** Undefined for all skills. */
  value: string | undefined
  /** Nothing is shown where the account has no skills. */
  isHiddenEmpty?: boolean
  onChange: (skillId: string | undefined) => void
}

/** All skills of the account, or one of them. */
export function SkillFilter({ accountId, isHiddenEmpty, ...filter }: Props) {
  const { skills, skillsQuery } = useSkills(accountId)
  return (
    <UnlessUnread query={skillsQuery} isKept={filter.value !== undefined}>
      {!(isHiddenEmpty && skills.length === 0 && filter.value === undefined) && (
        <Filter {...filter} options={skills.map(({ skillId, name }) => ({ id: skillId, name }))} />
      )}
    </UnlessUnread>
  )
}
