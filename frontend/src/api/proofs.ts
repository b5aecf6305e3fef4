import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { OwnAddress, OwnAddresses, Proof, ProofChoice } from "./types";
import type { Scenario } from "./workflows";

const SOON_MS = 1_000;
const onItsWay = (status: string | undefined): boolean => status === "due" || status === "sending";

/** Where you can be sent a message; asked again while a code is on its way to you. */
export const ownAddressesQuery = queryOptions({
  queryKey: ["own-addresses"],
  queryFn: ({ signal }) => answer<OwnAddresses>(api.GET("/api/own-addresses", { signal })),
  select: (page) => page.items,
  refetchInterval: ({ state }) =>
    state.data?.items.some(({ code }) => onItsWay(code?.status)) ? SOON_MS : false,
});

type Kind = OwnAddress["kind"];
const of = (kind: Kind) => ({ path: { kind } });

/** `address` is the number of a phone; an e-mail goes to the account's address. */
export const sendCode = (kind: Kind, address: string | null): Promise<OwnAddresses> =>
  answer(api.POST("/api/own-addresses/{kind}/code", { params: of(kind), body: { address } }));

export const confirmAddress = (kind: Kind, code: string): Promise<OwnAddresses> =>
  answer(api.POST("/api/own-addresses/{kind}/confirm", { params: of(kind), body: { code } }));

export const forgetAddress = (kind: Kind): Promise<void> =>
  answer(api.DELETE("/api/own-addresses/{kind}", { params: of(kind) }));

/** A text that no press had before. (`randomUUID` is kept from pages without TLS.) */
export function newPress(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/** Sends you one message, as a step would write it. It really leaves. */
export const sendMeOne = (workflowId: string, body: Scenario & ProofChoice): Promise<Proof> =>
  answer(
    api.POST("/api/workflows/{workflow_id}/proofs", {
      params: { path: { workflow_id: workflowId } },
      body: { ...body, graph: { ...body.graph } },
    }),
  );

/** How far a message to you has come; asked again until that is known. */
export const proofQuery = (proof: Proof | undefined) =>
  queryOptions({
    queryKey: ["proofs", proof?.id],
    queryFn: ({ signal }) =>
      answer<Proof>(
        api.GET("/api/proofs/{proof_id}", {
          params: { path: { proof_id: proof?.id ?? "" } },
          signal,
        }),
      ),
    enabled: proof !== undefined,
    refetchInterval: ({ state }) =>
      state.data === undefined || onItsWay(state.data.status) ? SOON_MS : false,
  });
