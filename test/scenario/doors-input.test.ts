/** What a person is told who gets front doors and their routes wrong. */
import { describe, expect, test } from 'vitest'
import { complaint, scenario } from './support.ts'

const ROUTE = '{ type: http-api, api: shop }'

/** One function behind a door, by lines that tests can point at. */
function shop(parts: {
  readonly events?: string
  readonly apis?: string
  readonly traffic?: string
}): string {
  const { events = `{ way: ${ROUTE} }`, apis = '{ shop: { protocol: http-api } }' } = parts
  const functions = `
  hello:
    runtime: nodejs22.x
    handler: { duration: 50ms }
    coldStart: none
    events: ${events}`
  const { traffic = '{ web: { to: shop, rate: 1/s } }' } = parts
  return scenario({ functions, apis, traffic })
}

describe('an api', () => {
  test('with a function behind it is valid', async () => {
    expect(await complaint(shop({}))).toBe('no complaint')
    expect(await complaint(shop({ traffic: '{ web: { to: apis.shop, rate: 1/s } }' }))).toBe(
      'no complaint',
    )
  })

  test('has a function behind it', async () => {
    expect(await complaint(shop({ events: '{}' }))).toMatchInlineSnapshot(`
      "s.yaml:11:15: no function is behind shop: give one an event such as { type: http-api, api: shop }
        apis: { shop: { protocol: http-api } }
                      ^"
    `)
  })

  test('has a protocol that is known', async () => {
    expect(await complaint(shop({ apis: '{ shop: { protocol: grpc } }' }))).toMatchInlineSnapshot(`
      "s.yaml:11:27: \`grpc\` is no known protocol: known are rest-api, http-api, websocket-api, alb, function-url
        apis: { shop: { protocol: grpc } }
                                  ^^^^"
    `)
  })

  test('of HTTP waits 30 s at most', async () => {
    const apis = '{ shop: { protocol: http-api, integrationTimeout: 31s } }'
    expect(await complaint(shop({ apis }))).toMatchInlineSnapshot(`
      "s.yaml:11:57: \`31s\` is out of range: from 50ms to 30s is allowed
        apis: { shop: { protocol: http-api, integrationTimeout: 31s } }
                                                                ^^^"
    `)
    expect(await complaint(shop({ apis: apis.replace('31s', '30s') }))).toBe('no complaint')
  })

  test('of REST waits 29 s at most', async () => {
    const apis = '{ shop: { protocol: rest-api, integrationTimeout: 30s } }'
    const events = '{ way: { type: rest-api, api: shop } }'
    expect(await complaint(shop({ apis, events }))).toMatchInlineSnapshot(`
      "s.yaml:11:57: 30s is over the account's quota of 29s: \`account.apiGateway.integrationTimeout\` says how far AWS has raised it
        apis: { shop: { protocol: rest-api, integrationTimeout: 30s } }
                                                                ^^^"
    `)
  })
})

describe('a route', () => {
  test('names an api that there is', async () => {
    const events = '{ way: { type: http-api, api: shp } }'
    expect(await complaint(shop({ events }))).toMatchInlineSnapshot(`
      "s.yaml:9:43: there is no api \`shp\`: known are shop; did you mean \`shop\`?
            events: { way: { type: http-api, api: shp } }
                                                  ^^^
      s.yaml:11:15: no function is behind shop: give one an event such as { type: http-api, api: shop }
        apis: { shop: { protocol: http-api } }
                      ^"
    `)
  })

  test('belongs to an api of its own kind', async () => {
    const events = '{ way: { type: rest-api, api: shop } }'
    expect(await complaint(shop({ events }))).toMatchInlineSnapshot(`
      "s.yaml:9:43: \`shop\` has the protocol http-api: an event of type rest-api is a route of an api of its own kind
            events: { way: { type: rest-api, api: shop } }
                                                  ^^^^"
    `)
  })

  test('of a function URL is the only one of its function', async () => {
    const url = '{ type: function-url, api: shop }'
    const apis = '{ shop: { protocol: function-url }, other: { protocol: function-url } }'
    const events = `{ way: ${url}, again: ${url.replace('shop', 'other')} }`
    expect(await complaint(shop({ apis, events }))).toMatchInlineSnapshot(`
      "s.yaml:9:70: hello has a function-url by the event way already: it may have one for each alias
            events: { way: { type: function-url, api: shop }, again: { type: function-url, api: other } }
                                                                             ^^^^^^^^^^^^"
    `)
  })

  test('of a function URL is the only one of its api', async () => {
    const url = '{ type: function-url, api: shop }'
    const apis = '{ shop: { protocol: function-url } }'
    const events = `{ way: ${url}, again: ${url} }`
    expect(await complaint(shop({ apis, events }))).toContain(
      'a function-url leads to one function',
    )
  })
})

describe('traffic', () => {
  test('names a route of its api', async () => {
    const traffic = '{ web: { to: shop, route: wey, rate: 1/s } }'
    expect(await complaint(shop({ traffic }))).toMatchInlineSnapshot(`
      "s.yaml:10:36: \`shop\` has no route \`wey\`: known are hello.way; did you mean \`way\`?
        traffic: { web: { to: shop, route: wey, rate: 1/s } }
                                           ^^^"
    `)
  })

  test('names a route of an api only', async () => {
    const traffic = '{ web: { to: hello, route: way, rate: 1/s } }'
    expect(await complaint(shop({ traffic }))).toMatchInlineSnapshot(`
      "s.yaml:10:37: \`route\` is one of the routes of an api, and \`hello\` is none
        traffic: { web: { to: hello, route: way, rate: 1/s } }
                                            ^^^"
    `)
  })

  test('to an api carries no messages', async () => {
    const traffic = '{ web: { to: shop, batch: 3, rate: 1/s } }'
    expect(await complaint(shop({ traffic }))).toContain('a synchronous call carries none')
  })
})
