import { type Kysely, sql } from 'kysely'

/**
 * Functions forget skills that were deleted before functions were told of it. One for such skills alone becomes one for a deleted skill, as
 * today: without any it would run for all.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const isKnown = sql`exists (
    select from skill where skill.account_id = function.account_id and skill.skill_id = listed.id)`
  await sql`
    update function set skills = coalesce(
      (select jsonb_agg(id order by place)
        from jsonb_array_elements_text(skills) with ordinality as listed (id, place) where ${isKnown}),
      jsonb_build_array('deleted-' || (skills->>0)))
    where exists (
      select from jsonb_array_elements_text(skills) as listed (id)
      where id not like 'deleted-%' and not ${isKnown})`.execute(db)
}
