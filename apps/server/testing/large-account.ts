import { sql } from 'kysely'
import { call, type Scene } from './scene.ts'

const EMPTY = 'function lambda(input, callback) { callback(null, {}) }'

/** The number of each is added to it. */
export const FIRST_USER = 900_000
export const FIRST_SKILL = 800_000

interface LargeAccount {
  users: number
  skills: number
  functions: number
}

/** As large as accounts become: users with three skills each, skills and functions, beside those of the scene. */
export async function givenLargeAccount(
  scene: Scene,
  { users, skills, functions }: LargeAccount,
): Promise<void> {
  const { accountId, context } = scene
  const { db } = context.store
  await sql`insert into skill (account_id, skill_id, name, description, created_at)
    select ${accountId}, (${FIRST_SKILL}::int + n)::text, 'Skill ' || lpad(n::text, 4, '0'), '', now()
    from generate_series(1, ${skills}::int) n`.execute(db)
  await sql`insert into account_user select (jsonb_populate_record(one, jsonb_build_object(
      'user_id', (${FIRST_USER}::int + n)::text, 'pid', gen_random_uuid(), 'login_name', 'user-' || n,
      'nickname', 'User ' || lpad(n::text, 4, '0'), 'full_name', 'User of many ' || n,
      'email', 'user-' || n || '@example.com'))).*
    from generate_series(1, ${users}::int) n, account_user one
    where account_id = ${accountId} and login_name = ${scene.agents[0]?.user}`.execute(db)
  await sql`insert into user_skill (account_id, user_id, skill_id)
    select ${accountId}, (${FIRST_USER}::int + n)::text, (${FIRST_SKILL}::int + 1 + (n * 3 + k) % ${skills}::int)::text
    from generate_series(1, ${users}::int) n, generate_series(0, 2) k`.execute(db)
  if (functions > 0) {
    const name = 'first_of_many'
    await call(scene, 'POST', 'functions', { name, description: 'one', code: EMPTY })
    await sql`insert into function overriding user value select (jsonb_populate_record(one, jsonb_build_object(
        'function_id', gen_random_uuid(), 'name', 'function_' || lpad(n::text, 4, '0'),
        'live_deployment_id', null, 'live_version', null))).*
      from generate_series(1, ${functions}::int) n, function one
      where account_id = ${accountId} and name = ${name}`.execute(db)
  }
  context.accounts.readAgain(accountId)
  await call(scene, 'GET', 'users')
}
