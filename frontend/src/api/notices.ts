import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { components } from "./schema";
import type { Proof } from "./types";

type Schemas = components["schemas"];
export type NoticeSettings = Schemas["NoticeSettings"];
export type NoticeReader = Schemas["NoticeReaderShape"];
export type NoticeWish = Schemas["NoticeWish"];

const SOON_MS = 3_000;

/** When somebody gets a letter about failures, and who. */
export const noticesQuery = queryOptions({
  queryKey: ["notices"],
  queryFn: ({ signal }) => answer<NoticeSettings>(api.GET("/api/notices", { signal })),
  // One that is tried again may leave at any moment, and a test letter show that they arrive.
  refetchInterval: ({ state }) =>
    state.data?.people.some(({ lost_letter: lost }) => lost !== null) ? SOON_MS : false,
});

/** So many failures of a workflow within an hour are told; 0: none ever are. */
export const changeNotices = (failures: number): Promise<NoticeSettings> =>
  answer(api.PATCH("/api/notices", { body: { failures } }));

export const setNoticeWish = (id: string, wish: NoticeWish): Promise<NoticeSettings> =>
  answer(
    api.PUT("/api/notices/people/{person_id}", {
      params: { path: { person_id: id } },
      body: wish,
    }),
  );

/** Sends you a letter as one about failures would come. */
export const sendTestLetter = (press: string): Promise<Proof> =>
  answer(api.POST("/api/notices/test", { body: { press } }));
