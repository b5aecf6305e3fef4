import { addEnglish } from "..";
import session from "../locales/en/session.json";

addEnglish("session", session);
