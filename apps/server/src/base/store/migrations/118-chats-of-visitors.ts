/**
 * Chats are listed by their visitor, too. Chats of version 0.1.0 name none, so that nothing is written anew: 145 sets the column
 * `list_of` of those that come.
 */
export async function up(): Promise<void> {
  // Databases that have run another form of this migration know it by its name.
}
