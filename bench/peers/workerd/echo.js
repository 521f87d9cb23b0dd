// The peer: the same echo for workerd.
// oxlint-disable-next-line import/no-default-export -- a worker is the default export of its module
export default {
  async fetch(request) {
    return Response.json(await request.json())
  },
}
