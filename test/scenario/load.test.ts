import { expect, test } from 'vitest'
import type { ScenarioFiles } from '../../src/kernel/files.ts'
import { loadScenario } from '../../src/scenario/load.ts'

export const NO_FILES: ScenarioFiles = {
  readText: (path) => Promise.reject(new Error(`${path}: no such file`)),
  // biome-ignore lint/correctness/useYield: there is nothing to yield
  readChunks: async function* (path) {
    throw new Error(`${path}: no such file`)
  },
}

const HELLO = `name: hello
duration: 10m
account: { region: us-east-1 }
functions: { hello: { runtime: nodejs22.x, memorySize: 512, handler: { duration: 50ms } } }
traffic:   { visitors: { to: hello, rate: 20/s } }
`

test('the smallest scenario compiles with every default applied', async () => {
  const loaded = await loadScenario({ text: HELLO, fileName: 'hello.yaml', files: NO_FILES })
  if (!loaded.ok) throw new Error(loaded.formatted)
  const { functions, traffic, assumptions, ...others } = loaded.compiled
  const stated = assumptions.map(({ alternatives: _tested, ...one }) => one)
  expect({ ...others, assumptions: stated }).toMatchInlineSnapshot(`
    {
      "account": {
        "concurrentExecutions": 1000,
        "gatewayQuotas": {
          "connectionsPerSecond": 500,
          "requests": {
            "burst": 5000,
            "rate": 10000,
          },
        },
        "otherUnreservedConcurrency": 0,
        "region": "us-east-1",
        "scaling": {
          "kind": "per-function",
        },
        "workflowQuotas": {
          "sendTask": {
            "bucketSize": 3000,
            "refillRate": 500,
          },
          "startExpress": {
            "bucketSize": 6000,
            "refillRate": 6000,
          },
          "startStandard": {
            "bucketSize": 1300,
            "refillRate": 300,
          },
          "stateTransition": {
            "bucketSize": 5000,
            "refillRate": 5000,
          },
        },
      },
      "assumptions": [
        {
          "confidence": "measured",
          "id": "keep-alive",
          "source": "Mikhail Shilkov, mikhail.io, 2021: cold starts 5 to 7 minutes after the last request; lifetime: xebia.com, "TIL that AWS Lambda terminates instances preemptively"",
          "statement": "Idle environments are kept for 5m to 7m and are replaced at an age of 1h30m to 2h30m.",
        },
        {
          "confidence": "measured",
          "id": "idle-selection",
          "source": "pacslab/serverless-performance-modeling, 2020: 99.7% of 23,182 choices",
          "statement": "Of several idle environments the most recently used one serves the next request.",
        },
        {
          "confidence": "measured",
          "id": "init",
          "source": "maxday/lambda-perf, 2026-06-01 to 2026-08-22: median and p99 of ten cold starts a day of an empty function",
          "statement": "Init takes as long as an empty function's over 82 days at any memory, which is less than a real function's.",
        },
        {
          "confidence": "measured",
          "id": "first-invocation",
          "source": "maxday/lambda-perf, 2026-08-22: ten cold starts of an empty function per configuration",
          "statement": "An environment's first invocation takes longer by what was measured of an empty function.",
        },
        {
          "confidence": "assumed",
          "id": "placement",
          "source": "not documented by AWS; 50 to 200 ms are inferred from client-side measurements",
          "statement": "Placement before init is lognormal with a median of 100ms and a p99 of 400ms.",
        },
        {
          "confidence": "assumed",
          "id": "hand-over",
          "source": "not documented by AWS",
          "statement": "A request that waits for an init keeps to it, even when another environment becomes free.",
        },
        {
          "confidence": "inferred",
          "id": "admission-order",
          "source": "Lambda developer guide, "Understanding Lambda function scaling"",
          "statement": "Limits are checked in the order request rate, provisioned concurrency, room, idle environment, scaling rate.",
        },
        {
          "confidence": "assumed",
          "id": "request-rate-burst",
          "source": "Lambda developer guide, "Understanding Lambda function scaling": ten times the concurrency per second, no burst size",
          "statement": "A request-rate limit lets one second of its rate through at once.",
        },
        {
          "confidence": "assumed",
          "id": "scaling-rate",
          "source": "Lambda developer guide, "Lambda scaling behavior": per 10 seconds, best effort",
          "statement": "The scaling rate refills continuously, 100 environments a second up to 1,000. A request that needs a new environment is also refused once its second has carried as many on-demand requests as the ceiling, which starts at 10,000 and rises by 1,000 every second, to at most 10,000 above what the second before carried; a request that finds an idle environment is counted but never refused.",
        },
        {
          "confidence": "assumed",
          "id": "no-retries",
          "source": "AWS SDKs and tools reference guide, "Retry behavior"",
          "statement": "Callers do not retry what was throttled or failed; an AWS SDK would, twice by default.",
        },
        {
          "confidence": "assumed",
          "id": "other-functions",
          "source": "account.otherFunctions.unreservedConcurrency is left out or 0",
          "statement": "No other function in the account uses any concurrency.",
        },
      ],
      "billing": null,
      "calledNodes": [],
      "clocks": [],
      "description": "",
      "doorLimits": [],
      "drain": false,
      "durationUs": 600000000,
      "flows": [],
      "initialBacklogs": [],
      "intakes": [],
      "maximumDrainUs": 1209600000000,
      "metricsPeriodUs": 60000000,
      "name": "hello",
      "parts": [],
      "platform": 24322,
      "seed": "1",
      "startsAtMs": 1772409600000,
      "thresholds": [],
      "timeline": [],
      "unbilled": "",
      "warmUpUs": 0,
      "warnings": [
        "functions.hello: init is an empty function's measured init (median 145 ms over 82 days); real functions commonly take 3 to 20 times that; state coldStart.init",
      ],
      "workflowLimits": [],
    }
  `)
  expect(functions).toHaveLength(1)
  expect(traffic[0]).toMatchObject({ target: { functionIndex: 0, qualifierIndex: 0 } })
})
