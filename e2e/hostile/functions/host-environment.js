// tries: to see the environment of the server
// must: refused
async function lambda() {
  const seen = { ...process.env }
  try { Object.assign(seen, Deno.env.toObject()) } catch {}
  const ours = ['BRAND_ID', 'LAMBDA_UUID', 'NODE_ENV']
  return { escaped: Object.keys(seen).filter((name) => !ours.includes(name)) }
}
