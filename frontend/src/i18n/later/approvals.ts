import { addEnglish } from "..";
import approvals from "../locales/en/approvals.json";

addEnglish("approvals", approvals);
